using System.Collections.Generic;
using GroupComm.Daemon.Floodlight.World;

namespace GroupComm.Daemon.Floodlight.Steps;

/// <summary>Something that happened in a schedule, and how everything stood right after it.</summary>
/// <param name="Time">Microseconds since the race began.</param>
/// <param name="Controller">Where; -1: in the network.</param>
/// <param name="Switch">Whose table was to change; -1: none.</param>
/// <param name="Text">In words.</param>
/// <param name="Controllers">What each controller is.</param>
/// <param name="BrokenLinks">Bit by link.</param>
/// <param name="Powered">Bit by switch.</param>
/// <param name="Tables">The real tables by switch.</param>
/// <param name="Broken">Pairs of hosts that wires connect and tables do not.</param>
internal sealed record Step(
    long Time, int Controller, int Switch, string Text, IReadOnlyList<Standing> Controllers, int BrokenLinks, int Powered,
    IReadOnlyList<byte[]> Tables, IReadOnlyList<(int From, int To, Passage Why)> Broken);

/// <summary>What a controller is.</summary>
internal enum Standing
{
    Joining,
    Replica,
    Master,

    /// <summary>It believes that it is the master, and another was promoted.</summary>
    Former,
    Paused,
    Crashed,
    Left,
}

/// <summary>What flew: who sent it and who got it, by place, and when, in microseconds since the race began.</summary>
internal readonly record struct Flight(FlightKind Kind, int From, int To, long Sent, long Arrival);

internal enum FlightKind
{
    /// <summary>From a switch to a controller.</summary>
    Report,

    /// <summary>From a controller to a switch.</summary>
    Command,

    /// <summary>Between controllers: a message of the group.</summary>
    Multicast,

    /// <summary>Between controllers: a step of a view change.</summary>
    View,
}
