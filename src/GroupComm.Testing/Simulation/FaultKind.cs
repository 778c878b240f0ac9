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

    /// <summary>Everybody reaches two neighbours only: majorities, but no set of that size that all hear each other.</summary>
    Ring,

    /// <summary>The lowest rank of the latest view, coordinator and sequencer, is cut off: both ways, deaf or mute.</summary>
    IsolateCoordinator,

    /// <summary>A node without a view and one member do not reach each other, in one direction or both.</summary>
    IsolateJoiner,

    /// <summary>Several processes die within moments; some of what they sent last reached only some.</summary>
    HerdCrash,

    /// <summary>Several new nodes at once.</summary>
    HerdJoin,

    /// <summary>Several nodes ask to leave at once.</summary>
    HerdLeave,
    Drop,
    Duplicate,
    Delay,
    SlowConsumer,
    StuckConsumer,
    SlowDonor,

    /// <summary>A proposal reaches the others only when they have promised a higher ballot, and its owner does not hear of that.</summary>
    LateProposal,

    /// <summary>A process dies when it has just gone on to a view, before it told those whom the view admits.</summary>
    CrashAtInstall,

    /// <summary>A machine is cut off and another is started under its name: an orchestrator gave it up. The old process lives.</summary>
    Takeover,
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
        FaultKind.Ring => "ring",
        FaultKind.IsolateCoordinator => "isolate-coordinator",
        FaultKind.IsolateJoiner => "isolate-joiner",
        FaultKind.HerdCrash => "herd-crash",
        FaultKind.HerdJoin => "herd-join",
        FaultKind.HerdLeave => "herd-leave",
        FaultKind.Drop => "drop",
        FaultKind.Duplicate => "duplicate",
        FaultKind.Delay => "delay",
        FaultKind.SlowConsumer => "slow-consumer",
        FaultKind.StuckConsumer => "stuck-consumer",
        FaultKind.SlowDonor => "slow-donor",
        FaultKind.LateProposal => "late-proposal",
        FaultKind.CrashAtInstall => "crash-at-install",
        FaultKind.Takeover => "takeover",
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
