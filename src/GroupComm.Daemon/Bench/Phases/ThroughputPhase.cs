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

    private readonly List<Contestant> _contestants = [];

    public async Task<IReadOnlyList<BenchResult>> RunAsync(CancellationToken ct)
    {
        List<BenchResult> results = [];
        try
        {
            await StartAsync(ct).ConfigureAwait(false);
            foreach (int size in plan.Sizes)
            {
                for (int round = results.Count == 0 ? 1 - WarmUps : 0; round <= plan.Rounds; round++)
                    foreach (Contestant each in _contestants)
                    {
                        bool warmUp = round <= 0;
                        progress($"{size} B: {each.Name}, {(warmUp ? "warm-up" : $"round {round} of {plan.Rounds}")}");
                        Measured measured = await each.Crew.BurstAsync(size, warmUp ? plan.Time / 2 : plan.Time).ConfigureAwait(false);
                        Check(each.Name, size, measured);
                        if (!warmUp)
                            each.Rounds.Add(measured);
                    }
                results.AddRange(_contestants.Select(each => Result(each, size)));
                _contestants.ForEach(each => each.Rounds.Clear());
            }
            return results;
        }
        finally
        {
            _contestants.ForEach(each => each.Crew.Dispose());
        }
    }

    /// <summary>Every way to set up groupcomm, raw for each number of nodes, and the others with the first of them.</summary>
    private async Task StartAsync(CancellationToken ct)
    {
        foreach (BenchVariant variant in plan.Variants)
        {
            foreach (string system in plan.Systems)
            {
                bool known = system != BenchSystems.GroupComm && _contestants.Any(each => each.Crew.System == system && (system != BenchSystems.Raw || each.Plan.Nodes == variant.Plan.Nodes));
                if (known)
                    continue;
                string name = system == BenchSystems.GroupComm || (system == BenchSystems.Raw && plan.Variants.Any(each => each.Plan.Nodes != plan.Nodes)) ? variant.Name : "";
                progress($"starts {variant.Plan.Nodes} nodes of {system}");
                _contestants.Add(new Contestant(name, variant.Plan, await BenchCrew.StartAsync(system, variant.Plan, ct).ConfigureAwait(false)));
            }
        }
    }

    /// <summary>What is fast and wrong is not measured: every node was given the same, of every system.</summary>
    private static void Check(string name, int size, Measured measured)
    {
        if (measured.Hashes.Distinct(StringComparer.Ordinal).Count() != 1)
            throw new BenchFailure($"{name} at {size} B: the nodes were not given the same ({string.Join(' ', measured.Hashes)})", "");
    }

    private BenchResult Result(Contestant one, int size)
    {
        string system = one.Crew.System;
        double? limit = _contestants.Find(each => each.Crew.System == BenchSystems.Raw && each.Plan.Nodes == one.Plan.Nodes)?.Rate;
        return new BenchResult(system, one.Plan.Nodes, one.Plan.Senders.Count, size, system == BenchSystems.Raw ? "none" : Orders.Name(BenchSystems.Peers.GetValueOrDefault(system, one.Plan.Order)))
        {
            Variant = one.Variant,
            Groups = one.Plan.Groups,
            Tls = one.Plan.Tls && system == BenchSystems.GroupComm,
            PerNodePerSecond = one.Rate,
            MbPerSecond = one.Rate * size / 1e6,
            CpuMicrosPerDelivery = Median.Of(one.Rounds, each => each.CpuMicrosPerDelivery),
            BytesAllocatedPerMessage = one.Rounds[0].AllocatedPerDelivery is null ? null : Median.Of(one.Rounds, each => each.AllocatedPerDelivery ?? 0),
            RssMiB = one.Rounds.Max(each => each.Rss) / 1048576.0,
            RatioToRaw = one.Rate / limit,
            RatioToFirst = plan.Variants.Count > 1 && system == BenchSystems.GroupComm ? one.Rate / _contestants[0].Rate : null,
            GroupCommRatio = one.Rate > 0 ? _contestants[0].Rate / one.Rate : null,
            WireMbPerSecond = one.Rounds[0].Wire is null ? null : Median.Of(one.Rounds, each => each.Wire!.Value / each.Seconds / 1e6),
            WireOverhead = one.Rounds[0].Wire is null ? null : Median.Of(one.Rounds, each => ((double)each.Wire!.Value / (each.Deliveries / one.Plan.Nodes * (long)(one.Plan.Nodes - 1) * size)) - 1),
            DeliveredHash = one.Rounds[^1].Hashes,
            Rounds = [.. one.Rounds.Select(each => each.PerNodePerSecond)],
        };
    }

    private sealed record Contestant(string Variant, BenchPlan Plan, BenchCrew Crew)
    {
        public string Name => Variant.Length == 0 ? Crew.System : $"{Crew.System}, {Variant}";

        public List<Measured> Rounds { get; } = [];

        public double Rate => Median.Of(Rounds, each => each.PerNodePerSecond);
    }
}
