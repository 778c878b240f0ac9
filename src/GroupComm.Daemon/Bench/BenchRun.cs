using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Daemon.Bench.Phases;
using GroupComm.Daemon.Bench.Reports;
using GroupComm.Daemon.CommandLine;

namespace GroupComm.Daemon.Bench;

/// <summary>One run from its plan to its report.</summary>
internal sealed class BenchRun(BenchPlan plan, TextWriter output, TextWriter error)
{
    public async Task<int> RunAsync(CancellationToken ct)
    {
        Machine machine = Machine.This();
        using Progress progress = new(error, enabled: !plan.Json);
        IReadOnlyList<BenchResult> results = plan.Mode switch
        {
            BenchMode.Throughput => await new ThroughputPhase(plan, progress.Say).RunAsync(ct).ConfigureAwait(false),
            BenchMode.Latency => await new LatencyPhase(plan, progress.Say).RunAsync(ct).ConfigureAwait(false),
            BenchMode.ViewChange => await new ViewChangePhase(plan, progress.Say).RunAsync(ct).ConfigureAwait(false),
            BenchMode.StateTransfer => await new StateTransferPhase(plan, progress.Say).RunAsync(ct).ConfigureAwait(false),
            BenchMode.ConflictKeys => await new ConflictKeysPhase(plan, progress.Say).RunAsync(ct).ConfigureAwait(false),
            BenchMode.Idle => await new IdlePhase(plan, progress.Say).RunAsync(ct).ConfigureAwait(false),
            BenchMode.Empty => await new EmptyPhase(plan, progress.Say).RunAsync(ct).ConfigureAwait(false),
            _ => throw new InvalidOperationException($"no phase for {plan.Mode}"),
        };
        progress.Clear();
        if (plan.Json)
            JsonReport.Write(output, machine, results);
        else if (plan.Markdown)
            TableReport.WriteMarkdown(output, machine, plan, results);
        else
            TableReport.Write(output, machine, plan, results);
        if (plan.Html is { } path)
        {
            await File.WriteAllTextAsync(path, HtmlReport.Write(machine, plan, results), ct).ConfigureAwait(false);
            if (!plan.Json)
                output.WriteLine($"report: {path}");
        }
        return Exit.Ok;
    }
}
