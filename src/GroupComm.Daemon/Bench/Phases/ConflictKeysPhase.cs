using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Daemon.Bench.Crew;
using GroupComm.Daemon.Bench.Nodes;
using GroupComm.Daemon.CommandLine;

namespace GroupComm.Daemon.Bench.Phases;

/// <summary>Handlers that compute for 100 µs, one at a time and with conflict keys, in turns. One node sends and works; the handlers of the others
/// only take note, so that the working node has the processors, as it would have its own machine.</summary>
internal sealed class ConflictKeysPhase(BenchPlan plan, Action<string> progress)
{
    private const int Micros = 100, MostInFlight = 512;

    public async Task<IReadOnlyList<BenchResult>> RunAsync(CancellationToken ct)
    {
        progress($"starts {plan.Nodes} nodes of groupcomm");
        using BenchCrew crew = await BenchCrew.StartAsync(BenchSystems.GroupComm, plan, ct).ConfigureAwait(false);
        int work = Work.RoundsOf(TimeSpan.FromMicroseconds(Micros));
        for (int i = 0; i < crew.Members.Count; i++)
        {
            crew.Members[i].Tell("keys", Text(plan.Keys), Text(i == 0 ? work : 0));
            await crew.Members[i].HearAsync("keys", ct).ConfigureAwait(false);
        }
        List<BenchResult> results = [];
        foreach (int size in plan.Sizes)
        {
            List<Measured> ordered = [], keyed = [];
            for (int round = 0; round <= plan.Rounds; round++)
                foreach ((string which, List<Measured> rounds) in ((string, List<Measured>)[])[(KeyBench.Ordered, ordered), (KeyBench.Keyed, keyed)])
                {
                    progress($"{size} B: {which}, {(round == 0 ? "warm-up" : $"round {round} of {plan.Rounds}")}");
                    Measured measured = await BurstAsync(crew, which, size, ct).ConfigureAwait(false);
                    if (round > 0)
                        rounds.Add(measured);
                }
            double first = Median.Of(ordered, each => each.PerNodePerSecond);
            results.Add(Result("one at a time", null, size, ordered, first));
            results.Add(Result($"{plan.Keys} keys", plan.Keys, size, keyed, first));
        }
        return results;
    }

    private async Task<Measured> BurstAsync(BenchCrew crew, string which, int size, CancellationToken ct)
    {
        foreach (CrewMember member in crew.Members)
        {
            member.Tell("keyed", which);
            await member.HearAsync("ready", ct).ConfigureAwait(false);
        }
        crew.Members[0].Tell("work", which, Text((int)plan.Time.TotalMilliseconds), Text(size), Text(plan.InFlight > 0 ? plan.InFlight : MostInFlight));
        List<string[]> reports = [.. (await crew.HearAllAsync("worked").ConfigureAwait(false)).Select(each => each[1..])];
        Measured worker = Measured.Of([reports[0]], plan.InProcess);
        string[] hashes = [.. reports.Select(each => each[3])];
        if (hashes.Distinct(StringComparer.Ordinal).Count() != 1)
            throw new BenchFailure($"{which} at {size} B: the nodes were not given the same for some key ({string.Join(' ', hashes)})", "");
        return worker with { Hashes = hashes };
    }

    private BenchResult Result(string variant, int? keys, int size, List<Measured> rounds, double first) => new(BenchSystems.GroupComm, plan.Nodes, 1, size, Orders.Name(plan.Order))
    {
        Variant = variant,
        Keys = keys,
        PerNodePerSecond = Median.Of(rounds, each => each.PerNodePerSecond),
        MbPerSecond = Median.Of(rounds, each => each.PerNodePerSecond) * size / 1e6,
        CpuMicrosPerDelivery = Median.Of(rounds, each => each.CpuMicrosPerDelivery),
        BytesAllocatedPerMessage = Median.Of(rounds, each => each.AllocatedPerDelivery ?? 0),
        RatioToFirst = Median.Of(rounds, each => each.PerNodePerSecond) / first,
        DeliveredHash = rounds[^1].Hashes,
        Rounds = [.. rounds.Select(each => each.PerNodePerSecond)],
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
