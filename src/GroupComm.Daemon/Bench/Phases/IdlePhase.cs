using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Daemon.Bench.Crew;
using GroupComm.Daemon.CommandLine;

namespace GroupComm.Daemon.Bench.Phases;

/// <summary>What nodes cost that do nothing: processor time and heartbeats.</summary>
internal sealed class IdlePhase(BenchPlan plan, Action<string> progress)
{
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(3);

    public async Task<IReadOnlyList<BenchResult>> RunAsync(CancellationToken ct)
    {
        List<BenchResult> results = [];
        foreach (BenchVariant variant in plan.Variants)
            results.Add(await RunAsync(variant, ct).ConfigureAwait(false));
        return results;
    }

    private async Task<BenchResult> RunAsync(BenchVariant variant, CancellationToken ct)
    {
        progress($"starts {variant.Plan.Nodes} nodes of groupcomm");
        using BenchCrew crew = await BenchCrew.StartAsync(BenchSystems.GroupComm, variant.Plan, ct).ConfigureAwait(false);
        await Task.Delay(Calm, ct).ConfigureAwait(false);
        foreach (CrewMember member in crew.Members)
        {
            member.Tell("count", "0");
            await member.HearAsync("ready", ct).ConfigureAwait(false);
        }
        progress($"{variant.Plan.Nodes} nodes idle for {plan.IdleTime.TotalSeconds:0.#} s");
        await Task.Delay(plan.IdleTime, ct).ConfigureAwait(false);
        List<long[]> usage = [];
        await foreach (string[] each in crew.AskAsync("usage").ConfigureAwait(false))
            usage.Add([.. each.Skip(1).Select(field => long.Parse(field, CultureInfo.InvariantCulture))]);
        double seconds = plan.IdleTime.TotalSeconds;
        return new BenchResult(BenchSystems.GroupComm, variant.Plan.Nodes, 0, 0, Orders.Name(plan.Order))
        {
            Variant = variant.Name,
            IdleCpuPercent = usage.Average(each => each[0]) / seconds / 1e4,
            IdleBytesPerSecond = usage.Average(each => each[3]) / seconds,
            BytesAllocatedPerSecond = usage.Average(each => each[1]) / seconds,
            RssMiB = usage.Max(each => each[2]) / 1048576.0,
            Rounds = [.. usage.Select(each => each[0] / seconds / 1e4)],
        };
    }
}
