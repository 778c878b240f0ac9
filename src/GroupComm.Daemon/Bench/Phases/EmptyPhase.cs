using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Daemon.Bench.Crew;
using GroupComm.Daemon.CommandLine;

namespace GroupComm.Daemon.Bench.Phases;

/// <summary>What groups cost in which nothing happens, with a member at every node: memory after a collection, with them and without.</summary>
internal sealed class EmptyPhase(BenchPlan plan, Action<string> progress)
{
    public async Task<IReadOnlyList<BenchResult>> RunAsync(CancellationToken ct)
    {
        progress($"starts {plan.Nodes} nodes of groupcomm");
        using BenchCrew crew = await BenchCrew.StartAsync(BenchSystems.GroupComm, plan with { Groups = 1 }, ct).ConfigureAwait(false);
        await MeasureAsync(crew, 1).ConfigureAwait(false); // what the first group of a process brings with it
        List<long[]> before = await MeasureAsync(crew, 0).ConfigureAwait(false);
        progress($"every node joins {plan.Groups} groups");
        await MeasureAsync(crew, plan.Groups).ConfigureAwait(false);
        await Task.Delay(TimeSpan.FromSeconds(1), ct).ConfigureAwait(false); // the later nodes' joins are known to the first, and stable
        List<long[]> after = await MeasureAsync(crew, 0).ConfigureAwait(false);
        double[] heap = [.. before.Zip(after, (one, two) => (double)(two[0] - one[0]) / plan.Groups)];
        return
        [
            new BenchResult(BenchSystems.GroupComm, plan.Nodes, 0, 0, Orders.Name(plan.Order))
            {
                Groups = plan.Groups,
                HeapBytesPerGroup = heap.Average(),
                ResidentBytesPerGroup = before.Zip(after, (one, two) => (double)(two[1] - one[1]) / plan.Groups).Average(),
                RssMiB = after.Max(each => each[1]) / 1048576.0,
                Rounds = heap,
            },
        ];
    }

    private static async Task<List<long[]>> MeasureAsync(BenchCrew crew, int groups)
    {
        List<long[]> measured = [];
        await foreach (string[] each in crew.AskAsync("heap", groups.ToString(CultureInfo.InvariantCulture)).ConfigureAwait(false))
            measured.Add([.. each.Skip(1).Select(field => long.Parse(field, CultureInfo.InvariantCulture))]);
        return measured;
    }
}
