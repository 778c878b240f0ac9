using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Daemon.Bench.Crew;
using GroupComm.Daemon.CommandLine;

namespace GroupComm.Daemon.Bench.Phases;

/// <summary>How fast a joiner gets its state, alone and while all nodes send as much as they may, in turns with one sender and one receiver of
/// plain TCP.</summary>
internal sealed class StateTransferPhase(BenchPlan plan, Action<string> progress)
{
    private const int RawSize = 64 << 10;

    private readonly List<Taken> _alone = [], _beside = [];
    private readonly List<double> _limits = [], _calm = [];

    private sealed record Taken(double Milliseconds, double PerSecond);

    public async Task<IReadOnlyList<BenchResult>> RunAsync(CancellationToken ct)
    {
        int load = plan.Sizes[0];
        progress($"starts {plan.Nodes} nodes of groupcomm and two of raw");
        using BenchCrew crew = await BenchCrew.StartAsync(BenchSystems.GroupComm, plan, ct).ConfigureAwait(false);
        using BenchCrew raw = await BenchCrew.StartAsync(BenchSystems.Raw, plan with { Nodes = 2, Senders = [1] }, ct).ConfigureAwait(false);
        crew.Members[0].Tell("give", plan.StateSize.ToString(CultureInfo.InvariantCulture));
        await crew.Members[0].HearAsync("gives", ct).ConfigureAwait(false);
        await TellAllAsync(crew, "count", "0", "ready").ConfigureAwait(false);
        for (int round = 0; round <= plan.Rounds; round++)
        {
            progress($"state of {plan.StateSize} B: {(round == 0 ? "rehearsal" : $"round {round} of {plan.Rounds}")}");
            Measured limit = await raw.BurstAsync(RawSize, plan.Time / 2).ConfigureAwait(false);
            CrewMember joiner = crew.Members[1 + (round % (crew.Members.Count - 1))];
            Taken alone = await TakeAsync(joiner, ct).ConfigureAwait(false);
            await TellAllAsync(crew, "flow", load.ToString(CultureInfo.InvariantCulture), "flows").ConfigureAwait(false);
            await Task.Delay(200, ct).ConfigureAwait(false); // until the windows are full
            joiner.Tell("sample", ((int)(plan.Time / 2).TotalMilliseconds).ToString(CultureInfo.InvariantCulture));
            string[] sampled = await joiner.HearAsync("sampled", ct).ConfigureAwait(false);
            Taken beside = await TakeAsync(joiner, ct).ConfigureAwait(false);
            await TellAllAsync(crew, "ebb", "", "ebbed").ConfigureAwait(false);
            if (round == 0)
                continue;
            _limits.Add(limit.PerNodePerSecond * RawSize / 1e6);
            _calm.Add(Number(sampled[1]) / Number(sampled[2]) * 1000);
            _alone.Add(alone);
            _beside.Add(beside);
        }
        double most = Median.Of(_limits, each => each), calm = Median.Of(_calm, each => each), kept = Median.Of(_beside, each => each.PerSecond);
        return
        [
            Result("state transfer", _alone, most),
            Result($"state transfer while all send {load} B", _beside, most) with { PerNodePerSecond = kept, LoadKept = kept / calm },
            new BenchResult(BenchSystems.GroupComm, plan.Nodes, plan.Nodes, load, Orders.Name(plan.Order)) { Variant = $"all send {load} B, no transfer", PerNodePerSecond = calm, LoadKept = 1, Rounds = _calm },
            new BenchResult(BenchSystems.Raw, 2, 1, RawSize, "none") { MbPerSecond = most, RatioToRaw = 1, Rounds = _limits },
        ];
    }

    private async Task<Taken> TakeAsync(CrewMember joiner, CancellationToken ct)
    {
        joiner.Tell("take", "");
        string[] took = await joiner.HearAsync("took", ct).ConfigureAwait(false);
        if (Number(took[2]) != plan.StateSize)
            throw new BenchFailure($"{took[2]} of {plan.StateSize} bytes of state arrived", "");
        return new Taken(Number(took[1]), Number(took[3]) / Number(took[1]) * 1000);
    }

    private static async Task TellAllAsync(BenchCrew crew, string what, string argument, string answer)
    {
        foreach (CrewMember member in crew.Members)
            member.Tell(what, argument);
        await crew.HearAllAsync(answer).ConfigureAwait(false);
    }

    private BenchResult Result(string variant, List<Taken> taken, double most)
    {
        double time = Median.Of(taken, each => each.Milliseconds), worst = taken.Max(each => each.Milliseconds), rate = plan.StateSize / 1000.0 / time;
        return new BenchResult(BenchSystems.GroupComm, plan.Nodes, 1, RawSize, Orders.Name(plan.Order))
        {
            Variant = variant, MbPerSecond = rate, RatioToRaw = rate / most, StateTransfer = new Percentiles(time, worst, worst), Rounds = [.. taken.Select(each => plan.StateSize / 1000.0 / each.Milliseconds)],
        };
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
