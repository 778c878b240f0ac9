using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Daemon.Bench.Crew;
using GroupComm.Daemon.CommandLine;

namespace GroupComm.Daemon.Bench.Phases;

/// <summary>How fast a joiner gets its state while nobody sends, in turns with one sender of plain TCP.</summary>
internal sealed class StateTransferPhase(BenchPlan plan, Action<string> progress)
{
    private const int RawSize = 64 << 10;

    public async Task<IReadOnlyList<BenchResult>> RunAsync(CancellationToken ct)
    {
        progress($"starts {plan.Nodes} nodes of groupcomm and of raw");
        using BenchCrew crew = await BenchCrew.StartAsync(BenchSystems.GroupComm, plan, ct).ConfigureAwait(false);
        using BenchCrew raw = await BenchCrew.StartAsync(BenchSystems.Raw, plan with { Senders = [1] }, ct).ConfigureAwait(false);
        crew.Members[0].Tell("give", plan.StateSize.ToString(CultureInfo.InvariantCulture));
        await crew.Members[0].HearAsync("gives", ct).ConfigureAwait(false);
        List<double> rates = [], times = [], limits = [];
        for (int round = 0; round <= plan.Rounds; round++)
        {
            progress($"state of {plan.StateSize} B: {(round == 0 ? "rehearsal" : $"round {round} of {plan.Rounds}")}");
            Measured limit = await raw.BurstAsync(RawSize, plan.Time / 2).ConfigureAwait(false);
            CrewMember joiner = crew.Members[1 + (round % (crew.Members.Count - 1))];
            joiner.Tell("take", "");
            string[] took = await joiner.HearAsync("took", ct).ConfigureAwait(false);
            double milliseconds = double.Parse(took[1], CultureInfo.InvariantCulture);
            if (long.Parse(took[2], CultureInfo.InvariantCulture) != plan.StateSize)
                throw new BenchFailure($"{took[2]} of {plan.StateSize} bytes of state arrived", "");
            if (round == 0)
                continue;
            rates.Add(plan.StateSize / 1000.0 / milliseconds);
            times.Add(milliseconds);
            limits.Add(limit.PerNodePerSecond * RawSize / 1e6);
        }
        double rate = Median.Of(rates, each => each), most = Median.Of(limits, each => each);
        return
        [
            new BenchResult("groupcomm, state transfer", plan.Nodes, 1, RawSize, Orders.Name(plan.Order))
            {
                MbPerSecond = rate, RatioToRaw = rate / most, StateTransfer = new Percentiles(Median.Of(times, each => each), times.Max(), times.Max()), Rounds = rates,
            },
            new BenchResult(BenchSystems.Raw, plan.Nodes, 1, RawSize, "none") { MbPerSecond = most, RatioToRaw = 1, Rounds = limits },
        ];
    }
}
