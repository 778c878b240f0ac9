using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Daemon.Bench.Crew;
using GroupComm.Daemon.CommandLine;

namespace GroupComm.Daemon.Bench.Phases;

/// <summary>One message in flight: from the sequencer, from another node, and a ping-pong over plain TCP, in turns. Fifo and causal, which no
/// sequencer orders: from a node to its peers, one hop.</summary>
internal sealed class LatencyPhase(BenchPlan plan, Action<string> progress)
{
    private const int Messages = 5000;

    private readonly List<Contestant> _contestants = [];

    public async Task<IReadOnlyList<BenchResult>> RunAsync(CancellationToken ct)
    {
        progress("starts a ping-pong");
        using BenchCrew ping = await BenchCrew.StartAsync(BenchSystems.Ping, plan with { Nodes = 2 }, ct).ConfigureAwait(false);
        try
        {
            foreach (BenchVariant variant in plan.Variants)
                await StartAsync(BenchSystems.GroupComm, variant, ct).ConfigureAwait(false);
            foreach (string system in plan.Systems.Where(BenchSystems.Peers.ContainsKey))
                await StartAsync(system, plan.Variants[0] with { Name = "" }, ct).ConfigureAwait(false);
            List<BenchResult> results = [];
            foreach (int size in plan.Sizes)
                results.AddRange(await RunAsync(ping, size, ct).ConfigureAwait(false));
            return results;
        }
        finally
        {
            _contestants.ForEach(each => each.Crew.Dispose());
        }
    }

    private async Task StartAsync(string system, BenchVariant variant, CancellationToken ct)
    {
        progress($"starts {variant.Plan.Nodes} nodes of {system}");
        BenchCrew crew = await BenchCrew.StartAsync(system, variant.Plan, ct).ConfigureAwait(false);
        _contestants.Add(new Contestant(variant.Name, variant.Plan, crew)); // before the next await: whatever fails, it ends
        (int sequencer, int other) = await crew.RanksAsync().ConfigureAwait(false);
        _contestants[^1] = _contestants[^1] with { Sequencer = sequencer, Other = other };
    }

    private async Task<List<BenchResult>> RunAsync(BenchCrew ping, int size, CancellationToken ct)
    {
        List<double[]> trips = [];
        for (int round = 0; round <= plan.Rounds; round++)
        {
            bool warmUp = round == 0;
            progress($"{size} B: {(warmUp ? "warm-up" : $"round {round} of {plan.Rounds}")}");
            double[] trip = await PingAsync(ping, size, ct).ConfigureAwait(false);
            foreach (Contestant each in _contestants)
            {
                if (warmUp)
                    each.Clear();
                (double[] own, _) = each.IsOurs && each.IsOrdered ? await each.Crew.LatencyAsync(size, Messages, each.Sequencer).ConfigureAwait(false) : ([], []);
                (double[] two, double[] receivers) = await each.Crew.LatencyAsync(size, Messages, each.Other).ConfigureAwait(false);
                if (warmUp)
                    continue;
                each.FromSequencer.Add(own);
                each.FromOther.Add(two);
                each.AtPeers.Add(receivers);
            }
            if (!warmUp)
                trips.Add(trip);
        }
        return [.. _contestants.SelectMany(each => Results(each, size, Of(trips)))];
    }

    private static IEnumerable<BenchResult> Results(Contestant one, int size, Percentiles roundTrip)
    {
        if (!one.IsOurs)
        {
            yield return Result("", one.FromOther) with { Order = Orders.Name(BenchSystems.Peers[one.Crew.System]) };
            yield break;
        }
        if (!one.IsOrdered)
        {
            yield return Result("from a node, at its peers", one.AtPeers);
            yield break;
        }
        yield return Result("from the sequencer", one.FromSequencer);
        yield return Result("from another node", one.FromOther);
        yield return Result("from another node, at its peers", one.AtPeers);

        BenchResult Result(string aspect, List<double[]> rounds) => new(one.Crew.System, one.Plan.Nodes, 1, size, Orders.Name(one.Plan.Order))
        {
            Aspect = aspect, Variant = one.Variant, Tls = one.IsOurs && one.Plan.Tls, Latency = Of(rounds), RoundTrip = roundTrip, Rounds = [.. rounds.Select(each => each[0])],
        };
    }

    private static async Task<double[]> PingAsync(BenchCrew ping, int size, CancellationToken ct)
    {
        ping.Members[1].Tell("ping", size.ToString(CultureInfo.InvariantCulture), Messages.ToString(CultureInfo.InvariantCulture));
        string[] times = await ping.Members[1].HearAsync("times", ct).ConfigureAwait(false);
        return [.. times.Skip(1).Take(3).Select(each => double.Parse(each, CultureInfo.InvariantCulture))];
    }

    private static Percentiles Of(List<double[]> rounds) =>
        new(Median.Of(rounds, each => each[0]), Median.Of(rounds, each => each[1]), Median.Of(rounds, each => each[2]));

    private sealed record Contestant(string Variant, BenchPlan Plan, BenchCrew Crew)
    {
        public int Sequencer { get; init; }

        public int Other { get; init; }

        public bool IsOurs => Crew.System == BenchSystems.GroupComm;

        public bool IsOrdered => Plan.Order >= DeliveryOrder.Agreed;

        public List<double[]> FromSequencer { get; } = [];

        public List<double[]> FromOther { get; } = [];

        public List<double[]> AtPeers { get; } = [];

        public void Clear()
        {
            FromSequencer.Clear();
            FromOther.Clear();
            AtPeers.Clear();
        }
    }
}
