namespace GroupComm.Core;

/// <summary>What a core is told at its start. Times are in milliseconds.</summary>
internal sealed record CoreOptions
{
    public required NodeInfo Self { get; init; }

    /// <summary>How many nodes must meet before the first view; 0: only joins, never founds.</summary>
    public int ExpectedNodes { get; init; } = 1;

    /// <summary>Wall clock at start, for the epoch of a new cluster.</summary>
    public long WallClockMs { get; init; }

    /// <summary>The highest epoch that an earlier life in this process has heard of.</summary>
    public long HighestEpoch { get; init; }

    /// <summary>An earlier life in this process was in a view: the node looks for the others before it founds anything.</summary>
    public bool Returns { get; init; }

    /// <summary>Any number; differs between nodes. Used for back-off only.</summary>
    public ulong Seed { get; init; } = 1;

    public CoreTimes Times { get; init; } = CoreTimes.Lan;

    /// <summary>Bytes that may be sent and not consumed by the slowest member.</summary>
    public int SendWindow { get; init; } = 4 << 20;

    /// <summary>Bytes of unicasts to one node that its members have not handled.</summary>
    public int DirectWindow { get; init; } = Direct.DirectLimits.Window;

    /// <summary>Refuse a next view without a majority of the founders' names.</summary>
    public bool FloorByMajority { get; init; }

    /// <summary>Safe and stable receipts need all members instead of more than half.</summary>
    public bool SafeByAll { get; init; }

    /// <summary>The correct protocol, but for mutants in the simulator.</summary>
    public ProtocolRules Rules { get; init; } = ProtocolRules.Correct;
}

/// <summary>The time limits of the protocol, in milliseconds. Every limit is a time, never a count of tries.</summary>
internal sealed record CoreTimes(int Heartbeat, int Suspicion, int Leave)
{
    /// <summary>Defaults for a local network.</summary>
    public static readonly CoreTimes Lan = new(Heartbeat: 100, Suspicion: 1000, Leave: 5000);

    /// <summary>Between two announcements of a node without a view.</summary>
    public int SeekInterval => Heartbeat / 2;

    /// <summary>No silence below this is suspicious, however regular the heartbeats were: more than the own pause that goes
    /// unnoticed (half the suspicion time), so that a node does not take its own standing still for the others'.</summary>
    public int SuspicionFloor => System.Math.Min(Suspicion, System.Math.Max(3 * Heartbeat, Suspicion * 3 / 4));

    /// <summary>How often <c>Tick</c> wants to be called.</summary>
    public int Tick => Heartbeat / 2;
}
