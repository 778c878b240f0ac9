using System;

namespace GroupComm.Testing.Simulation;

/// <summary>What the nemesis does. Names on the command line are in <see cref="FaultNames"/>.</summary>
internal enum FaultKind
{
    Crash,
    Restart,
    Pause,
    CutPair,
    CutOneWay,
    Isolate,
    Partition,
    Reset,
    FalseSuspicion,
    JoinNode,
    LeaveNode,
    JoinGroup,
    LeaveGroup,
    Drop,
    Duplicate,
    Delay,
    SlowConsumer,
    SlowDonor,
}

/// <summary>Names of faults.</summary>
internal static class FaultNames
{
    public static readonly int Count = Enum.GetValues<FaultKind>().Length;

    public static string Of(FaultKind kind) => kind switch
    {
        FaultKind.Crash => "crash",
        FaultKind.Restart => "restart",
        FaultKind.Pause => "pause",
        FaultKind.CutPair => "cut-pair",
        FaultKind.CutOneWay => "cut-one-way",
        FaultKind.Isolate => "isolate",
        FaultKind.Partition => "partition",
        FaultKind.Reset => "reset",
        FaultKind.FalseSuspicion => "false-suspicion",
        FaultKind.JoinNode => "join",
        FaultKind.LeaveNode => "leave",
        FaultKind.JoinGroup => "group-join",
        FaultKind.LeaveGroup => "group-leave",
        FaultKind.Drop => "drop",
        FaultKind.Duplicate => "duplicate",
        FaultKind.Delay => "delay",
        FaultKind.SlowConsumer => "slow-consumer",
        FaultKind.SlowDonor => "slow-donor",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public static bool TryParse(string text, out FaultKind kind)
    {
        foreach (FaultKind each in Enum.GetValues<FaultKind>())
            if (Of(each) == text)
            {
                kind = each;
                return true;
            }
        kind = default;
        return false;
    }
}
