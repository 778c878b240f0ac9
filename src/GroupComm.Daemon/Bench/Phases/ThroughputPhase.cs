using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Daemon.Bench.Crew;
using GroupComm.Daemon.CommandLine;

namespace GroupComm.Daemon.Bench.Phases;

/// <summary>Bursts of all systems in turns, A B A B, at each size; the first of each is not counted, nor are the first ones of the run: what is compiled again while it runs must be done with.</summary>
internal sealed class ThroughputPhase(BenchPlan plan, Action<string> progress)
{
    private const int WarmUps = 3;

    public async Task<IReadOnlyList<BenchResult>> RunAsync(CancellationToken ct)
    {
        List<BenchCrew> crews = [];
        List<BenchResult> results = [];
        try
        {
            foreach (string system in plan.Systems)
            {
                progress($"starts {plan.Nodes} nodes of {system}");
                crews.Add(await BenchCrew.StartAsync(system, plan, ct).ConfigureAwait(false));
            }
            foreach (int size in plan.Sizes)
            {
                List<Measured>[] rounds = [.. crews.Select(_ => new List<Measured>())];
                for (int round = results.Count == 0 ? 1 - WarmUps : 0; round <= plan.Rounds; round++)
                    for (int i = 0; i < crews.Count; i++)
                    {
                        bool warmUp = round <= 0;
                        progress($"{size} B: {crews[i].System}, {(warmUp ? "warm-up" : $"round {round} of {plan.Rounds}")}");
                        Measured measured = await crews[i].BurstAsync(size, warmUp ? plan.Time / 2 : plan.Time).ConfigureAwait(false);
                        Check(crews[i].System, size, measured);
                        if (!warmUp)
                            rounds[i].Add(measured);
                    }
                int raw = crews.FindIndex(crew => crew.System == BenchSystems.Raw);
                double? limit = raw < 0 ? null : Median.Of(rounds[raw], each => each.PerNodePerSecond);
                double ours = Median.Of(rounds[0], each => each.PerNodePerSecond);
                for (int i = 0; i < crews.Count; i++)
                    results.Add(Result(crews[i].System, size, rounds[i], limit, ours));
            }
            return results;
        }
        finally
        {
            foreach (BenchCrew crew in crews)
                crew.Dispose();
        }
    }

    /// <summary>What is fast and wrong is not measured: every node of groupcomm was given the same.</summary>
    private static void Check(string system, int size, Measured measured)
    {
        if (system != BenchSystems.Raw && measured.Hashes.Distinct(StringComparer.Ordinal).Count() != 1)
            throw new BenchFailure($"{system} at {size} B: the nodes were not given the same ({string.Join(' ', measured.Hashes)})", "");
    }

    private BenchResult Result(string system, int size, List<Measured> rounds, double? limit, double ours)
    {
        double rate = Median.Of(rounds, each => each.PerNodePerSecond);
        return new BenchResult(system, plan.Nodes, plan.Senders.Count, size, system == BenchSystems.Raw ? "none" : Orders.Name(BenchSystems.Peers.GetValueOrDefault(system, plan.Order)))
        {
            PerNodePerSecond = rate,
            MbPerSecond = rate * size / 1e6,
            CpuMicrosPerDelivery = Median.Of(rounds, each => each.CpuMicrosPerDelivery),
            BytesAllocatedPerMessage = rounds[0].AllocatedPerDelivery is null ? null : Median.Of(rounds, each => each.AllocatedPerDelivery ?? 0),
            RssMiB = rounds.Max(each => each.Rss) / 1048576.0,
            RatioToRaw = limit is { } most ? rate / most : null,
            GroupCommRatio = rate > 0 ? ours / rate : null,
            DeliveredHash = rounds[^1].Hashes,
            Rounds = [.. rounds.Select(each => each.PerNodePerSecond)],
        };
    }
}
