using GroupComm.Daemon.Floodlight.World;

namespace GroupComm.Daemon.Floodlight.Script;

/// <summary>Looks on while a schedule is played, to tell it. Times are microseconds; controllers are named by their place.</summary>
internal interface IStageWatch
{
    /// <summary>Everything stands: the race begins.</summary>
    void Begins(long now);

    /// <summary>At that controller; -1: in the network.</summary>
    void Happens(long now, int controller, string text);

    void Report(long sent, long arrival, int controller, SwitchReport report);

    /// <summary>A command has reached its switch.</summary>
    void Command(long sent, long arrival, int controller, int to, bool obeyed);
}
