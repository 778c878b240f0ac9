using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace GroupComm.Daemon.Bench.Reports;

/// <summary>The figures as a table for people.</summary>
internal static class TableReport
{
    public static void Write(TextWriter output, Machine machine, BenchPlan plan, IReadOnlyList<BenchResult> results)
    {
        output.WriteLine($"{machine.Processor}, {machine.Cores} cores; {machine.Runtime}; groupcomm {machine.Version}; {machine.Date}");
        if (machine.IsBusy)
            output.WriteLine(Text($"the machine was busy when this began (load {machine.Load:0.0} per core): trust the ratios, not the figures"));
        output.WriteLine();
        (string[] head, Func<BenchResult, string[]> row) = Columns(plan.Mode);
        List<string[]> rows = [head, .. results.Select(row)];
        int[] widths = [.. Enumerable.Range(0, head.Length).Select(i => rows.Max(each => each[i].Length))];
        foreach (string[] each in rows)
            output.WriteLine("  " + string.Join("  ", each.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]))).TrimEnd());
        output.WriteLine();
        if (plan.Mode == BenchMode.Throughput)
            output.WriteLine("per node: messages a second that each node's handler was given, its own included; medians; every node was given the same (hash)");
        if (plan.Systems.Count > 1 && plan.Mode == BenchMode.Throughput)
            output.WriteLine("of raw, groupcomm ×: this system's rate to that of raw, groupcomm's rate to this system's; medians of turns taken in the same run");
    }

    /// <summary>Head and cells by mode; the first column is text, the rest are figures.</summary>
    public static (string[] Head, Func<BenchResult, string[]> Row) Columns(BenchMode mode) => mode switch
    {
        BenchMode.Throughput => (
            ["system", "order", "bytes", "per node /s", "MB/s", "of raw", "groupcomm ×", "µs CPU", "B alloc", "MiB"],
            each => [each.System, each.Order, Text($"{each.Size}"), Text($"{each.PerNodePerSecond:#,0}"), Text($"{each.MbPerSecond:#,0}"), Text($"{each.RatioToRaw:0.00}"), Text($"{each.GroupCommRatio:0.0}"),
                Text($"{each.CpuMicrosPerDelivery:0.00}"), Text($"{each.BytesAllocatedPerMessage:0.0}"), Text($"{each.RssMiB:0}")]),
        BenchMode.Latency => (
            ["from", "order", "bytes", "p50 µs", "p99 µs", "p99.9 µs", "round trip p50 µs", "of it"],
            each => [each.System, each.Order, Text($"{each.Size}"), Text($"{each.Latency!.P50:0.0}"), Text($"{each.Latency.P99:0.0}"), Text($"{each.Latency.P999:0.0}"),
                Text($"{each.RoundTrip!.P50:0.0}"), Text($"{each.Latency.P50 / each.RoundTrip.P50:0.00}")]),
        BenchMode.StateTransfer => (
            ["system", "nodes", "MB/s", "of raw", "join p50 ms", "worst ms"],
            each => [each.System, Text($"{each.Nodes}"), Text($"{each.MbPerSecond:#,0}"), Text($"{each.RatioToRaw:0.00}"), Text($"{each.StateTransfer?.P50:0.0}"), Text($"{each.StateTransfer?.P999:0.0}")]),
        _ => (
            ["change", "nodes", "new view p50 ms", "p99 ms", "stall p50 ms", "worst ms"],
            each => [each.System, Text($"{each.Nodes}"), Text($"{each.ViewChange!.P50:0.0}"), Text($"{each.ViewChange.P99:0.0}"), Text($"{each.Stall!.P50:0.0}"), Text($"{each.Stall.P999:0.0}")]),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
