using System;
using System.Collections.Generic;
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
            output.WriteLine(Columns.Text($"the machine was busy when this began (load {machine.Load:0.0} per core): trust the ratios, not the figures"));
        output.WriteLine();
        string[][] rows = Columns.Table(plan, results);
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(i => rows.Max(each => each[i].Length))];
        foreach (string[] each in rows)
            output.WriteLine("  " + string.Join("  ", each.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]))).TrimEnd());
        output.WriteLine();
        foreach (string note in Columns.Notes(plan))
            output.WriteLine(note);
    }

    /// <summary>The same for a document: the command, then the table.</summary>
    public static void WriteMarkdown(TextWriter output, Machine machine, BenchPlan plan, IReadOnlyList<BenchResult> results)
    {
        output.WriteLine($"```sh\n{BenchLine.Of(plan)}\n```\n");
        string[][] rows = Columns.Table(plan, results);
        output.WriteLine($"| {string.Join(" | ", rows[0])} |");
        output.WriteLine($"|---|{string.Concat(Enumerable.Repeat("---:|", rows[0].Length - 1))}");
        foreach (string[] each in rows[1..])
            output.WriteLine($"| {string.Join(" | ", each)} |");
        output.WriteLine(Columns.Text($"\n{machine.Processor}, {machine.Cores} cores, {machine.Runtime}, groupcomm {machine.Version}, {machine.Date}, load per core at the begin {machine.Load:0.00}"));
    }
}
