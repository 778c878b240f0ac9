using System;
using System.Collections.Generic;

namespace GroupComm.Daemon.Bench;

/// <summary>What a run of <c>bench</c> measures.</summary>
internal enum BenchMode
{
    /// <summary>As many messages as are admitted.</summary>
    Throughput,

    /// <summary>One message in flight.</summary>
    Latency,

    /// <summary>How soon every survivor has the next view.</summary>
    ViewChange,

    /// <summary>How fast a joiner gets its state.</summary>
    StateTransfer,

    /// <summary>Handlers that work, with conflict keys and without.</summary>
    ConflictKeys,

    /// <summary>What a node costs when nobody sends.</summary>
    Idle,

    /// <summary>What a group costs in which nothing happens.</summary>
    Empty,
}

/// <summary>What changes the view in <see cref="BenchMode.ViewChange"/>.</summary>
internal enum ChangeKind
{
    Crash,
    Leave,
    Join,
    Pause,
}

/// <summary>One run, checked.</summary>
internal sealed record BenchPlan
{
    public BenchMode Mode { get; init; }

    /// <summary>What changes the view, one after the other.</summary>
    public IReadOnlyList<ChangeKind> Changes { get; init; } = [ChangeKind.Crash];

    public int Nodes { get; init; } = 3;

    /// <summary>Which nodes send, from 1.</summary>
    public IReadOnlyList<int> Senders { get; init; } = [];

    public IReadOnlyList<int> Sizes { get; init; } = [64, 1024, 10240, 1 << 20];

    public DeliveryOrder Order { get; init; } = DeliveryOrder.Agreed;

    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often each system has its turn; medians are printed.</summary>
    public int Rounds { get; init; } = 3;

    /// <summary>Own messages that a sender lets be under way; 0: what the window allows.</summary>
    public int InFlight { get; init; }

    /// <summary>Names of <see cref="BenchSystems"/>; the first is groupcomm.</summary>
    public IReadOnlyList<string> Systems { get; init; } = ["groupcomm", "raw"];

    public int Groups { get; init; } = 1;

    /// <summary>The links of groupcomm are mutual TLS.</summary>
    public bool Tls { get; init; }

    /// <summary>How many keys the messages of <see cref="BenchMode.ConflictKeys"/> have.</summary>
    public int Keys { get; init; }

    /// <summary>How long nodes are watched that do nothing.</summary>
    public TimeSpan IdleTime { get; init; }

    /// <summary>Groupcomm set up in different ways, each measured in its turn; the first is what the others are compared with. Never empty.</summary>
    public IReadOnlyList<BenchVariant> Variants { get; init; } = [];

    /// <summary>Bytes of state that a joiner gets.</summary>
    public long StateSize { get; init; }

    public bool InProcess { get; init; }

    public bool Json { get; init; }

    public bool Markdown { get; init; }

    public string? Html { get; init; }
}

/// <summary>One way to set up groupcomm.</summary>
/// <param name="Name">What is different, for people; empty when there is only one.</param>
/// <param name="Plan">The run's plan with that difference.</param>
internal sealed record BenchVariant(string Name, BenchPlan Plan);
