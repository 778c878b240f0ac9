using System;

namespace GroupComm;

/// <summary>A range of seeds. A seed alone decides a schedule.</summary>
/// <param name="First">The first.</param>
/// <param name="Last">The last, included.</param>
public readonly record struct SeedRange(ulong First, ulong Last);

/// <summary>What happens to the cluster. Each seed draws its own mix of what is allowed here.</summary>
[Flags]
public enum SimulatedFaults
{
    /// <summary>Nothing: only the order of arrival varies.</summary>
    None = 0,

    /// <summary>A process is gone; in half of the schedules for good.</summary>
    Crash = 1,

    /// <summary>A process is gone and another starts in its place, under a new incarnation.</summary>
    Restart = 2,

    /// <summary>A process stands still for 5 to 400 ms.</summary>
    Pause = 4,

    /// <summary>Links are cut, both ways or one way, and heal; connections are reset; nodes suspect each other wrongly.</summary>
    Partition = 8,

    /// <summary>Frames take twenty times as long.</summary>
    Delay = 16,

    /// <summary>Further nodes start, up to nine.</summary>
    Join = 32,

    /// <summary>Nodes leave gracefully.</summary>
    Leave = 64,

    /// <summary>Deliveries wait up to 20 ms before they are handled.</summary>
    SlowHandlers = 128,

    /// <summary>Everything.</summary>
    All = 255,
}

/// <summary>What <see cref="SimulatedCluster.RunAsync"/> runs.</summary>
public sealed record SimulationOptions
{
    /// <summary>Nodes that found the cluster, 1 … 7. Default 3.</summary>
    public int Nodes { get; init; } = 3;

    /// <summary>One schedule each. Default 1 … 100.</summary>
    public SeedRange Seeds { get; init; } = new(1, 100);

    /// <summary>Default: everything.</summary>
    public SimulatedFaults Faults { get; init; } = SimulatedFaults.All;

    /// <summary>Schedules that may be run to cut a finding down, 0 … 100,000; 0: it is told as it is. Default 2,000.</summary>
    public int ShrinkRuns { get; init; } = 2_000;

    /// <summary>A handler that throws is no finding: it is passed over, as <see cref="HandlerFailurePolicy.Continue"/> does. Default false.</summary>
    public bool HandlersMayThrow { get; init; }

    /// <summary>Real time after which a call that does not return is reported as blocking its thread. Default 10 s, at least 100 ms.</summary>
    public TimeSpan BlockedAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How messages become bytes. Default as in <see cref="GroupCommOptions.Serializer"/>.</summary>
    public IMessageSerializer? Serializer { get; init; }

    internal void Check()
    {
        if (Nodes is < 1 or > 7)
            throw new ArgumentException($"Nodes is {Nodes}: 1 to 7");
        if (Seeds.Last < Seeds.First)
            throw new ArgumentException($"Seeds ends at {Seeds.Last}, before it begins at {Seeds.First}");
        if (ShrinkRuns is < 0 or > 100_000)
            throw new ArgumentException($"ShrinkRuns is {ShrinkRuns}: 0 to 100,000");
        if (BlockedAfter < TimeSpan.FromMilliseconds(100))
            throw new ArgumentException($"BlockedAfter is {BlockedAfter}: at least 100 ms");
        if ((Faults & ~SimulatedFaults.All) != 0)
            throw new ArgumentException($"Faults is {Faults}: a combination of the named ones");
    }
}
