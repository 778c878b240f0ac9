using System.Collections.Generic;

namespace GroupComm.Testing.Simulation;

/// <summary>What a range of seeds did.</summary>
internal sealed class SimulationResult
{
    public long Schedules { get; set; }

    public double Seconds { get; set; }

    public long Events { get; set; }

    public long Messages { get; set; }

    public long Views { get; set; }

    /// <summary>States restored at joiners.</summary>
    public long Transfers { get; set; }

    /// <summary>Concurrent causal pairs that two members delivered in different order.</summary>
    public long Reordered { get; set; }

    public List<SimViolation> Violations { get; } = [];

    /// <summary>How often each fault was injected.</summary>
    public long[] Faults { get; } = new long[FaultNames.Count];

    /// <summary>Schedules that had both faults, by fault and fault.</summary>
    public long[,] Pairs { get; } = new long[FaultNames.Count, FaultNames.Count];

    public double PerSecond => Seconds > 0 ? Schedules / Seconds : 0;

    public void Add(SimulationResult other)
    {
        Schedules += other.Schedules;
        Events += other.Events;
        Messages += other.Messages;
        Views += other.Views;
        Transfers += other.Transfers;
        Reordered += other.Reordered;
        Violations.AddRange(other.Violations);
        for (int i = 0; i < Faults.Length; i++)
        {
            Faults[i] += other.Faults[i];
            for (int j = 0; j < Faults.Length; j++)
                Pairs[i, j] += other.Pairs[i, j];
        }
    }
}
