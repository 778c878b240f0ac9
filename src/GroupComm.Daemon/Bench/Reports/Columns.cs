using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace GroupComm.Daemon.Bench.Reports;

/// <summary>What the table of each mode shows; the first column is text, the rest are figures.</summary>
internal static class Columns
{
    private sealed record Column(string Head, Func<BenchResult, string> Cell);

    /// <summary>The head and a row for each result.</summary>
    public static string[][] Table(BenchPlan plan, IReadOnlyList<BenchResult> results)
    {
        Column[] columns = [.. Of(plan)];
        return [[.. columns.Select(each => each.Head)], .. results.Select(result => (string[])[.. columns.Select(each => each.Cell(result))])];
    }

    /// <summary>What must be known to read the table.</summary>
    public static IEnumerable<string> Notes(BenchPlan plan)
    {
        if (plan.Mode == BenchMode.Throughput)
        {
            yield return "per node: messages a second that each node's handler was given, its own included, for every system alike; medians; every node was given the same (hash)";
            if (plan.Systems.Count > 1)
                yield return "of raw, groupcomm ×: this system's rate to that of raw, groupcomm's rate to this system's; medians of turns taken in the same run";
            yield return "wire: bytes that all nodes together sent; beside payload: headers, orders, acknowledgements, heartbeats, per byte of payload that was sent";
        }
        else if (plan.Mode == BenchMode.ConflictKeys)
        {
            yield return "the handler of one node computes for 100 µs; all nodes were given the same sequence for every key (hash)";
        }
        else if (plan.Mode == BenchMode.StateTransfer)
        {
            yield return "raw: one sender and one receiver of plain TCP, 64 KiB at a time; load kept: messages a second at the joiner while it gets its state, to those without";
        }
        else if (plan.Mode == BenchMode.Empty)
        {
            yield return "per group in which every node has a member and nothing is sent, after a full collection; a mean over the nodes";
        }
        if (plan.Variants.Count > 1 && plan.Mode is not BenchMode.Idle)
            yield return "of first: rate to that of the first row";
    }

    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<Column> Of(BenchPlan plan)
    {
        Column system = new("system", each => each.Name), order = new("order", each => each.Order), bytes = new("bytes", each => Text($"{each.Size}")), nodes = new("nodes", each => Text($"{each.Nodes}"));
        Column rate = new("per node /s", each => Text($"{each.PerNodePerSecond:#,0}")), megabytes = new("MB/s", each => Text($"{each.MbPerSecond:#,0}")), raw = new("of raw", each => Text($"{each.RatioToRaw:0.00}"));
        Column first = new("of first", each => Text($"{each.RatioToFirst:0.00}")), cpu = new("µs CPU", each => Text($"{each.CpuMicrosPerDelivery:0.00}")), allocated = new("B alloc", each => Text($"{each.BytesAllocatedPerMessage:0.0}"));
        Column resident = new("MiB", each => Text($"{each.RssMiB:0}"));
        return plan.Mode switch
        {
            BenchMode.Throughput =>
            [
                system, order, bytes, rate, megabytes, raw, .. plan.Variants.Count > 1 ? [first] : (Column[])[], new("groupcomm ×", each => Text($"{each.GroupCommRatio:0.0}")), cpu, allocated, resident,
                new("wire MB/s", each => Text($"{each.WireMbPerSecond:#,0}")), new("beside payload", each => Text($"{each.WireOverhead:0.0%}")),
            ],
            BenchMode.Latency =>
            [
                system with { Head = "from" }, order, bytes, new("p50 µs", each => Text($"{each.Latency?.P50:0.0}")), new("p99 µs", each => Text($"{each.Latency?.P99:0.0}")), new("p99.9 µs", each => Text($"{each.Latency?.P999:0.0}")),
                new("round trip p50 µs", each => Text($"{each.RoundTrip?.P50:0.0}")), new("of it", each => Text($"{each.Latency?.P50 / each.RoundTrip?.P50:0.00}")), new("p99 of p50", each => Text($"{each.Latency?.P99 / each.Latency?.P50:0.0}")),
            ],
            BenchMode.StateTransfer =>
            [
                system, nodes, megabytes, raw, new("join p50 ms", each => Text($"{each.StateTransfer?.P50:0.0}")), new("worst ms", each => Text($"{each.StateTransfer?.P999:0.0}")), rate, new("load kept", each => Text($"{each.LoadKept:0.00}")),
            ],
            BenchMode.ConflictKeys => [system with { Head = "handlers" }, order, bytes, rate with { Head = "at the node that works /s" }, first with { Head = "of one at a time" }, cpu, allocated],
            BenchMode.Idle =>
            [
                system, nodes, new("CPU % of one core", each => Text($"{each.IdleCpuPercent:0.00}")), new("worst node", each => Text($"{each.Rounds.Max():0.00}")), new("B/s sent", each => Text($"{each.IdleBytesPerSecond:0}")),
                new("to each peer", each => Text($"{each.IdleBytesPerSecond / (each.Nodes - 1):0}")), new("B/s allocated", each => Text($"{each.BytesAllocatedPerSecond:#,0}")), resident,
            ],
            BenchMode.Empty =>
            [
                system, nodes, new("groups", each => Text($"{each.Groups}")), new("heap B/group", each => Text($"{each.HeapBytesPerGroup:#,0}")), new("resident B/group", each => Text($"{each.ResidentBytesPerGroup:#,0}")), resident,
            ],
            _ =>
            [
                system with { Head = "change" }, nodes, new("new view p50 ms", each => Text($"{each.ViewChange?.P50:0.0}")), new("p99 ms", each => Text($"{each.ViewChange?.P99:0.0}")),
                new("stall p50 ms", each => Text($"{each.Stall?.P50:0.0}")), new("worst ms", each => Text($"{each.Stall?.P999:0.0}")),
            ],
        };
    }
}
