using System.Collections.Generic;
using System.Linq;

namespace GroupComm.Daemon.Bench;

/// <summary>Percentiles in microseconds.</summary>
internal sealed record Percentiles(double P50, double P99, double P999);

/// <summary>One system at one size: medians over the rounds. The shape of <c>--json</c> (contracts: "bench").</summary>
internal sealed record BenchResult(string System, int Nodes, int Senders, int Size, string Order)
{
    /// <summary>What is different from the other rows of groupcomm; empty when nothing is.</summary>
    public string Variant { get; init; } = "";

    /// <summary>What of the system this row is about: where a message was sent from and seen, or the change of view; empty for all of it.</summary>
    public string Aspect { get; init; } = "";

    /// <summary>For people.</summary>
    public string Name => string.Join(", ", new[] { System, Aspect, Variant }.Where(each => each.Length > 0));

    public int Groups { get; init; } = 1;

    public bool Tls { get; init; }

    /// <summary>Conflict keys; null where there are none.</summary>
    public int? Keys { get; init; }

    /// <summary>Messages that each node's handler was given in a second.</summary>
    public double? PerNodePerSecond { get; init; }

    public double? MbPerSecond { get; init; }

    /// <summary>Processor time of all processes per delivery at one node.</summary>
    public double? CpuMicrosPerDelivery { get; init; }

    public double? BytesAllocatedPerMessage { get; init; }

    /// <summary>Resident memory of the largest process, MiB.</summary>
    public double? RssMiB { get; init; }

    public double? RatioToRaw { get; init; }

    /// <summary>How many times this system's rate groupcomm reaches in the same run.</summary>
    public double? GroupCommRatio { get; init; }

    /// <summary>This row's rate to that of the first row of groupcomm, which was set up otherwise.</summary>
    public double? RatioToFirst { get; init; }

    /// <summary>All bytes that all nodes together sent to peers in a second, in MB.</summary>
    public double? WireMbPerSecond { get; init; }

    /// <summary>What was sent beside payload, per payload byte: headers, orders, acknowledgements, heartbeats.</summary>
    public double? WireOverhead { get; init; }

    /// <summary>One per node of the last round; equal where the order says so.</summary>
    public IReadOnlyList<string> DeliveredHash { get; init; } = [];

    public Percentiles? Latency { get; init; }

    /// <summary>Round trip of a ping-pong over one TCP connection, in the same run.</summary>
    public Percentiles? RoundTrip { get; init; }

    /// <summary>Milliseconds.</summary>
    public Percentiles? ViewChange { get; init; }

    /// <summary>The longest gap that a steady sender saw, milliseconds.</summary>
    public Percentiles? Stall { get; init; }

    /// <summary>What a join with state takes, milliseconds; the 99th percentile is the worst.</summary>
    public Percentiles? StateTransfer { get; init; }

    /// <summary>Messages a second that a node was given while it got a state, to those without.</summary>
    public double? LoadKept { get; init; }

    /// <summary>Of one processor, per node that does nothing.</summary>
    public double? IdleCpuPercent { get; init; }

    /// <summary>On the managed heap of a node that does nothing.</summary>
    public double? BytesAllocatedPerSecond { get; init; }

    /// <summary>That a node sends to all its peers while nobody sends a message.</summary>
    public double? IdleBytesPerSecond { get; init; }

    /// <summary>On the managed heap of a node, for each group in which nothing happens.</summary>
    public double? HeapBytesPerGroup { get; init; }

    /// <summary>The same of resident memory.</summary>
    public double? ResidentBytesPerGroup { get; init; }

    /// <summary>Per round, for the spread.</summary>
    public IReadOnlyList<double> Rounds { get; init; } = [];
}
