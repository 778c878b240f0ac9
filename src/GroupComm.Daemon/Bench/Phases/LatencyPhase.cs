using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Daemon.Bench.Crew;
using GroupComm.Daemon.CommandLine;

namespace GroupComm.Daemon.Bench.Phases;

/// <summary>One message in flight: from the sequencer, from another node, and a ping-pong over plain TCP, in turns.</summary>
internal sealed class LatencyPhase(BenchPlan plan, Action<string> progress)
{
    private const int Messages = 5000;

    public async Task<IReadOnlyList<BenchResult>> RunAsync(CancellationToken ct)
    {
        progress($"starts {plan.Nodes} nodes of groupcomm and a ping-pong");
        using BenchCrew crew = await BenchCrew.StartAsync(BenchSystems.GroupComm, plan, ct).ConfigureAwait(false);
        using BenchCrew ping = await BenchCrew.StartAsync(BenchSystems.Ping, plan with { Nodes = 2 }, ct).ConfigureAwait(false);
        (int sequencer, int other) = await crew.RanksAsync().ConfigureAwait(false);
        List<(BenchCrew Crew, int Sender)> peers = [];
        try
        {
            foreach (string system in plan.Systems.Where(BenchSystems.Peers.ContainsKey))
            {
                progress($"starts {plan.Nodes} nodes of {system}");
                BenchCrew peer = await BenchCrew.StartAsync(system, plan, ct).ConfigureAwait(false);
                peers.Add((peer, 0));
                peers[^1] = (peer, (await peer.RanksAsync().ConfigureAwait(false)).Other);
            }
            return await RunAsync(crew, ping, sequencer, other, peers, ct).ConfigureAwait(false);
        }
        finally
        {
            foreach ((BenchCrew peer, _) in peers)
                peer.Dispose();
        }
    }

    private async Task<IReadOnlyList<BenchResult>> RunAsync(BenchCrew crew, BenchCrew ping, int sequencer, int other, List<(BenchCrew Crew, int Sender)> peers, CancellationToken ct)
    {
        List<BenchResult> results = [];
        foreach (int size in plan.Sizes)
        {
            List<double[]>[] fromPeers = [.. peers.Select(_ => new List<double[]>())];
            List<double[]> fromSequencer = [], fromOther = [], atPeers = [], trips = [];
            for (int round = 0; round <= plan.Rounds; round++)
            {
                bool warmUp = round == 0;
                progress($"{size} B: {(warmUp ? "warm-up" : $"round {round} of {plan.Rounds}")}");
                double[] trip = await PingAsync(ping, size, ct).ConfigureAwait(false);
                (double[] own, _) = await crew.LatencyAsync(size, Messages, sequencer).ConfigureAwait(false);
                (double[] two, double[] receivers) = await crew.LatencyAsync(size, Messages, other).ConfigureAwait(false);
                for (int i = 0; i < peers.Count; i++)
                {
                    (double[] peer, _) = await peers[i].Crew.LatencyAsync(size, Messages, peers[i].Sender).ConfigureAwait(false);
                    if (!warmUp)
                        fromPeers[i].Add(peer);
                }
                if (warmUp)
                    continue;
                trips.Add(trip);
                fromSequencer.Add(own);
                fromOther.Add(two);
                atPeers.Add(receivers);
            }
            Percentiles roundTrip = Of(trips);
            results.Add(Result("groupcomm, from the sequencer", size, Of(fromSequencer), roundTrip));
            results.Add(Result("groupcomm, from another node", size, Of(fromOther), roundTrip));
            results.Add(Result("groupcomm, from another node, at its peers", size, Of(atPeers), roundTrip));
            for (int i = 0; i < peers.Count; i++)
                results.Add(Result(peers[i].Crew.System, size, Of(fromPeers[i]), roundTrip) with { Order = Orders.Name(BenchSystems.Peers[peers[i].Crew.System]) });
        }
        return results;
    }

    private static async Task<double[]> PingAsync(BenchCrew ping, int size, CancellationToken ct)
    {
        ping.Members[1].Tell("ping", size.ToString(System.Globalization.CultureInfo.InvariantCulture), Messages.ToString(System.Globalization.CultureInfo.InvariantCulture));
        string[] times = await ping.Members[1].HearAsync("times", ct).ConfigureAwait(false);
        return [.. times.Skip(1).Take(3).Select(each => double.Parse(each, System.Globalization.CultureInfo.InvariantCulture))];
    }

    private static Percentiles Of(List<double[]> rounds) =>
        new(Median.Of(rounds, each => each[0]), Median.Of(rounds, each => each[1]), Median.Of(rounds, each => each[2]));

    private BenchResult Result(string system, int size, Percentiles latency, Percentiles roundTrip) =>
        new(system, plan.Nodes, 1, size, Orders.Name(plan.Order)) { Latency = latency, RoundTrip = roundTrip };
}
