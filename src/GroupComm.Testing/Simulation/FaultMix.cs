using System;

namespace GroupComm.Testing.Simulation;

/// <summary>
/// What one schedule is made of, drawn from its seed (swarm testing): which faults it has and how often, how the network
/// behaves, what is sent. Rates that are always hot hide everything, because no view completes.
/// Times are microseconds.
/// </summary>
internal sealed class FaultMix
{
    private static readonly int[] CommonWeights = [30, 10, 14, 12, 12, 8, 10, 14, 12, 10, 8, 10, 6, 6, 8, 14];

    private const int DensePerMille = 80;

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

    /// <summary>Handlers that take time, with conflict keys; drawn apart, so that the other draws of a seed stay.</summary>
    public HandlerMix Handlers { get; } = new();

    /// <summary>The members of the first, of the second group keep a state.</summary>
    public bool FirstHasState { get; private set; }

    public bool SecondHasState { get; private set; }

    public bool StartEmpty { get; private set; }

    /// <summary>So many of a thousand joiners of a group with state can transfer it.</summary>
    public int ProviderPerMille { get; private set; }

    /// <summary>Chunks of a state, and the pause between two.</summary>
    public int StateChunks { get; private set; }

    public int ChunkInterval { get; private set; }

    public bool SlowDonors { get; private set; }

    public int CaptureFailsPerMille { get; private set; }

    public void Draw(SimRandom random, int minNodes, int maxNodes, ReadOnlySpan<FaultKind> only)
    {
        Nodes = random.Between(minNodes, maxNodes);
        WeightSum = 0;
        Array.Clear(Weights);
        for (int i = 0; i < CommonWeights.Length; i++)
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
        Handlers.Draw(random.Fork(), only);
        if (Handlers.AllSend)
            Window = 1;
    }

    /// <summary>Everything happens in this schedule.</summary>
    public bool Dense { get; private set; }

    /// <summary>When a node wedges, the others send: what meets a view change is what its rules are about.</summary>
    public bool SendsAtWedge { get; private set; }

    /// <summary>Herds, and schedules in which everything happens: they see to it that every pair of faults meets. From a generator
    /// of their own: schedules without them stay what they were.</summary>
    public void DrawHerds(SimRandom random, int minNodes, ReadOnlySpan<FaultKind> only)
    {
        Dense = only.IsEmpty && random.Chance(DensePerMille);
        for (FaultKind kind = FaultKind.HerdCrash; kind <= FaultKind.HerdLeave; kind++)
        {
            bool active = only.IsEmpty ? random.Chance(70) : only.Contains(kind);
            Weights[(int)kind] = active ? 12 * random.Between(1, 4) : 0;
        }
        if (Dense)
        {
            for (int i = 0; i < Weights.Length; i++)
                Weights[i] = 10 * random.Between(1, 3);
            Weights[(int)FaultKind.JoinGroup] = Weights[(int)FaultKind.LeaveGroup] = Weights[(int)FaultKind.IsolateCoordinator] = 60; // seldom possible
            Nodes = Math.Min(Nodes, Math.Max(minNodes, 5));
            FaultInterval = random.Between(25, 60) * 1000;
            FaultTime = random.Between(500, 900) * 1000;
            SlowDonors = SlowConsumers = FirstHasState = true;
            SecondGroup = true;
            SpikePerMille = Math.Max(SpikePerMille, 10);
            Datagrams |= random.Chance(500);
            if (Datagrams)
                (DropPerMille, DuplicatePerMille) = (Math.Max(DropPerMille, 10), Math.Max(DuplicatePerMille, 10));
            Handlers.MakeStuck(random);
        }
        SendsAtWedge = random.Chance(Dense ? 500 : 200);
        WeightSum = 0;
        foreach (int weight in Weights)
            WeightSum += weight;
    }

    /// <summary>Of so many of a thousand ballots the proposal comes late.</summary>
    public int LateProposalPerMille { get; private set; }

    /// <summary>How long a late proposal is kept at most.</summary>
    public int LateTime { get; private set; }

    /// <summary>In so many of a thousand installs the process dies.</summary>
    public int DieAtInstallPerMille { get; private set; }

    /// <summary>From a generator of its own: schedules without late proposals stay what they were.</summary>
    public void DrawLate(SimRandom random, ReadOnlySpan<FaultKind> only)
    {
        bool active = only.IsEmpty ? random.Chance(Dense ? 500 : 150) : only.Contains(FaultKind.LateProposal);
        LateProposalPerMille = active ? random.Between(100, 1000) : 0;
        LateTime = random.Between(20, 250) * 1000;
        bool dies = only.IsEmpty ? random.Chance(Dense ? 600 : 200) : only.Contains(FaultKind.CrashAtInstall);
        DieAtInstallPerMille = dies ? random.Between(50, 800) : 0;
        if (dies && only.IsEmpty && !Dense)
        {
            Weights[(int)FaultKind.HerdJoin] += 24; // who is admitted is who must be told
            WeightSum += 24;
        }
    }

    /// <summary>So many machines lose their name to another.</summary>
    public int Takeovers { get; private set; }

    /// <summary>From a generator of its own: schedules without takeovers stay what they were.</summary>
    public void DrawTakeovers(SimRandom random, ReadOnlySpan<FaultKind> only)
    {
        bool active = only.IsEmpty ? random.Chance(Dense ? 500 : 80) : only.Contains(FaultKind.Takeover);
        Takeovers = active ? random.Between(1, 3) : 0;
    }

    /// <summary>In so many of a thousand turns of its client a node sends a unicast, asks, reads.</summary>
    public int UnicastPerMille { get; private set; }

    public int QueryPerMille { get; private set; }

    public int ReadPerMille { get; private set; }

    /// <summary>Bytes of unicasts to one node.</summary>
    public int DirectWindow { get; private set; }

    /// <summary>Unicasts, queries and reads, from a generator of their own: schedules without them stay what they were.</summary>
    public void DrawExchanges(SimRandom random)
    {
        UnicastPerMille = random.Chance(350) ? random.Between(200, 1000) : 0;
        QueryPerMille = random.Chance(250) ? random.Between(200, 800) : 0;
        ReadPerMille = random.Chance(400) ? random.Between(200, 1000) : 0;
        DirectWindow = random.Chance(300) ? random.Between(100, 400) : 1 << 16;
    }

    /// <summary>What concerns states has a source of its own: schedules without state stay what they were.</summary>
    public void DrawState(SimRandom random, ReadOnlySpan<FaultKind> only)
    {
        FirstHasState = random.Chance(550);
        SecondHasState = random.Chance(500);
        StartEmpty = random.Chance(250);
        ProviderPerMille = random.Chance(600) ? 1000 : random.Between(500, 950);
        StateChunks = random.Between(1, 6);
        ChunkInterval = random.Between(100, random.Chance(400) ? 40_000 : 4_000);
        SlowDonors = (only.IsEmpty && random.Chance(350)) || only.Contains(FaultKind.SlowDonor);
        CaptureFailsPerMille = random.Chance(250) ? random.Between(50, 400) : 0;
    }

    /// <summary>For a scripted run: every member of the first group can transfer a state of so many chunks, one each hop.</summary>
    public void StillState(int chunks, int hop) => (FirstHasState, ProviderPerMille, StateChunks, ChunkInterval) = (true, 1000, chunks, hop);

    /// <summary>Nothing at random, for a scripted run: every hop takes <paramref name="hop"/>, nobody sends by itself.</summary>
    public void Still(int nodes, int hop)
    {
        Handlers.Still();
        Dense = SendsAtWedge = false;
        Takeovers = 0;
        (Nodes, MinDelay, Jitter, Window, DirectWindow, ClientInterval, WeightSum, Orders[0]) = (nodes, hop, 0, 1 << 16, 1 << 16, 1_000_000_000, 0, 1);
        (FirstHasState, SecondHasState, StartEmpty, SlowDonors, CaptureFailsPerMille, LateProposalPerMille, DieAtInstallPerMille) = (false, false, false, false, 0, 0, 0);
    }

    /// <summary>Frames take up to so much longer.</summary>
    public void Shake(int jitter) => Jitter = jitter;

    /// <summary>Messages, states and handlers are those of an application.</summary>
    public void LeaveToApp()
    {
        Handlers.Still();
        (UnicastPerMille, QueryPerMille, ReadPerMille, SecondGroup, CaptureFailsPerMille, DirectWindow) = (0, 0, 0, false, 0, 1 << 16);
        Takeovers = 0; // its machines have names of their own
        Window = Math.Max(Window, 256);
    }

    public DeliveryOrder DrawOrder(SimRandom random) => (DeliveryOrder)(random.Pick(Orders, Orders[0] + Orders[1] + Orders[2] + Orders[3]) + 1);

    public FaultKind DrawFault(SimRandom random) => (FaultKind)random.Pick(Weights, WeightSum);
}
