using System.Collections.Generic;

namespace GroupComm.Testing.Simulation;

/// <summary>
/// A kind of trouble alone, so that it can be said which of them a test needs to find what. Joins and leaves go on in all.
/// </summary>
internal sealed record FaultClass(string Name, IReadOnlyList<FaultKind> Faults)
{
    private static readonly FaultKind[] Life = [FaultKind.JoinNode, FaultKind.LeaveNode, FaultKind.JoinGroup, FaultKind.LeaveGroup, FaultKind.HerdJoin, FaultKind.HerdLeave];

    public static IReadOnlyList<FaultClass> All { get; } =
    [
        new("nothing", Life),
        new("delay", [.. Life, FaultKind.Delay]),
        new("cut and heal", [.. Life, FaultKind.CutPair, FaultKind.Isolate, FaultKind.Partition]),
        new("one way", [.. Life, FaultKind.CutOneWay]),
        new("pause", [.. Life, FaultKind.Pause]),
        new("crash", [.. Life, FaultKind.Crash, FaultKind.HerdCrash]),
        new("crash and return", [.. Life, FaultKind.Restart]),
        new("all together", []),
    ];
}
