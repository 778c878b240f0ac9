using System;
using System.Threading.Tasks;

namespace GroupComm.Daemon.Floodlight.World;

/// <summary>What a controller has: a way into the group, and connections to the switches. It is the same in the simulator and
/// in a process.</summary>
internal interface IControlRoom
{
    Task<IGroup> JoinAsync(Action<IGroupBuilder> configure);

    /// <summary>Waits, on the time of the room.</summary>
    Task WaitAsync(TimeSpan time);

    /// <summary>From here on this controller is the master. Only the judge listens.</summary>
    void Claims();

    /// <summary>Replaces a switch's table. Ends when it is sent; nobody says whether it was obeyed.</summary>
    /// <param name="to">The switch.</param>
    /// <param name="table">Port by destination.</param>
    /// <param name="generation">Of this master; null: the switch obeys in any case.</param>
    Task WriteAsync(int to, byte[] table, FencingToken? generation);

    /// <summary>Asks a switch for all that it knows; null: no answer. With a generation the switch obeys no earlier master from then on.</summary>
    Task<SwitchState?> AskAsync(int from, FencingToken? generation);

    /// <summary>For people who watch.</summary>
    void Note(string text);
}
