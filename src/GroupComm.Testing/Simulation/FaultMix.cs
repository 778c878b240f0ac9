using System;

namespace GroupComm.Testing.Simulation;

/// <summary>
/// What one schedule is made of, drawn from its seed (swarm testing): which faults it has and how often, how the network
/// behaves, what is sent. Rates that are always hot hide everything, because no view completes.
/// Times are microseconds.
/// </summary>
internal sealed class FaultMix
{
    private static readonly int[] CommonWeights = [30, 10, 14, 12, 12, 8, 10, 14, 12, 10, 8, 10, 6];

    public int Nodes { get; private set; }

    /// <summary>Weight of each fault that is injected as an event; 0: not in this schedule.</summary>
    public int[] Weights { get; } = new int[(int)FaultKind.Drop];

    public int WeightSum { get; private set; }

    /// <summary>Mean time between two faults.</summary>
    public int FaultInterval { get; private set; }

    public int MinDelay { get; private set; }

    public int Jitter { get; private set; }

    /// <summary>Frames are lost, doubled and overtaken one by one, as no TCP does; the core must bear it.</summary>
    public bool Datagrams { get; private set; }

    public int DropPerMille { get; private set; }

    public int DuplicatePerMille { get; private set; }

    /// <summary>In so many of a thousand frames the delay is twenty times the usual.</summary>
    public int SpikePerMille { get; private set; }

    /// <summary>Turns end later than their input: several inputs in a turn.</summary>
    public bool Batching { get; private set; }

    public bool SlowConsumers { get; private set; }

    public int ClientInterval { get; private set; }

    public int MaxBurst { get; private set; }

    public int LargePerMille { get; private set; }

    /// <summary>Weights of fifo, causal, agreed, safe.</summary>
    public int[] Orders { get; } = new int[4];

    public bool SecondGroup { get; private set; }

    public bool AgreedOnlyGroup { get; private set; }

    public int FaultTime { get; private set; }

    /// <summary>Dead nodes stay dead after the heal when a quorum lives.</summary>
    public bool LeaveDead { get; private set; }

    public int Window { get; private set; }

    public void Draw(SimRandom random, int minNodes, int maxNodes, ReadOnlySpan<FaultKind> only)
    {
        Nodes = random.Between(minNodes, maxNodes);
        WeightSum = 0;
        for (int i = 0; i < Weights.Length; i++)
        {
            bool active = only.IsEmpty ? random.Chance(450) : only.Contains((FaultKind)i);
            Weights[i] = active ? CommonWeights[i] * random.Between(1, 4) : 0;
            WeightSum += Weights[i];
        }
        bool all = only.IsEmpty;
        FaultInterval = random.Between(8, 140) * 1000;
        MinDelay = random.Between(50, 1000);
        Jitter = random.Chance(150) ? 0 : random.Between(100, random.Chance(200) ? 30_000 : 4_000);
        Datagrams = (all && random.Chance(250)) || only.Contains(FaultKind.Drop) || only.Contains(FaultKind.Duplicate);
        DropPerMille = Datagrams && (all || only.Contains(FaultKind.Drop)) ? random.Between(0, 80) : 0;
        DuplicatePerMille = Datagrams && (all || only.Contains(FaultKind.Duplicate)) ? random.Between(0, 80) : 0;
        SpikePerMille = (all && random.Chance(300)) || only.Contains(FaultKind.Delay) ? random.Between(1, 60) : 0;
        Batching = random.Chance(400);
        SlowConsumers = (all && random.Chance(200)) || only.Contains(FaultKind.SlowConsumer);
        ClientInterval = random.Between(30, 320) * 1000;
        MaxBurst = random.Chance(300) ? random.Between(2, 12) : random.Between(1, 3);
        LargePerMille = random.Chance(300) ? random.Between(20, 300) : 0;
        for (int i = 0; i < 4; i++)
            Orders[i] = random.Chance(700) ? random.Between(1, 4) : 0;
        if (Orders[0] + Orders[1] + Orders[2] + Orders[3] == 0)
            Orders[random.Below(4)] = 1;
        SecondGroup = random.Chance(400);
        AgreedOnlyGroup = SecondGroup && random.Chance(300);
        FaultTime = random.Between(100, 380) * 1000;
        LeaveDead = random.Chance(400);
        Window = random.Chance(200) ? random.Between(32, 256) : 1 << 16;
    }

    /// <summary>Nothing at random, for a scripted run: every hop takes <paramref name="hop"/>, nobody sends by itself.</summary>
    public void Still(int nodes, int hop) =>
        (Nodes, MinDelay, Jitter, Window, ClientInterval, WeightSum, Orders[0]) = (nodes, hop, 0, 1 << 16, 1_000_000_000, 0, 1);

    public DeliveryOrder DrawOrder(SimRandom random) => (DeliveryOrder)(random.Pick(Orders, Orders[0] + Orders[1] + Orders[2] + Orders[3]) + 1);

    public FaultKind DrawFault(SimRandom random) => (FaultKind)random.Pick(Weights, WeightSum);
}
