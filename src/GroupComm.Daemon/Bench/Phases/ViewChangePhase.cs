using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Daemon.Bench.Crew;
using GroupComm.Daemon.CommandLine;

namespace GroupComm.Daemon.Bench.Phases;

/// <summary>
/// How soon every survivor has the next view after a crash, a leave, a join or a pause, while one node sends steadily; and for
/// how long that sender was held up. All processes of a machine share the clock.
/// </summary>
internal sealed partial class ViewChangePhase(BenchPlan plan, Action<string> progress)
{
    private const int SteadySize = 64;
    private const int Stop = 19, Continue = 18; // SIGSTOP, SIGCONT

    private int _next;

    /// <summary>Each change with nodes of its own.</summary>
    public async Task<IReadOnlyList<BenchResult>> RunAsync(CancellationToken ct)
    {
        List<BenchResult> results = [];
        foreach (ChangeKind change in plan.Changes)
            results.Add(await RunAsync(change, ct).ConfigureAwait(false));
        return results;
    }

    private async Task<BenchResult> RunAsync(ChangeKind change, CancellationToken ct)
    {
        progress($"starts {plan.Nodes} nodes of groupcomm");
        using BenchCrew crew = await BenchCrew.StartAsync(BenchSystems.GroupComm, plan with { Changes = [change] }, ct).ConfigureAwait(false);
        _next = plan.Nodes;
        await SettleAsync(crew, crew.Members.Count, ct).ConfigureAwait(false);
        List<double> times = [], stalls = [];
        string name = change.ToString().ToLowerInvariant();
        for (int round = 0; round <= plan.Rounds; round++)
        {
            progress($"{name}: {(round == 0 ? "rehearsal" : $"round {round} of {plan.Rounds}")}");
            (List<double> seen, double stall) = await RoundAsync(crew, change, round, ct).ConfigureAwait(false);
            if (round == 0)
                continue;
            times.AddRange(seen);
            stalls.Add(stall);
        }
        return new BenchResult(BenchSystems.GroupComm, plan.Nodes, 1, SteadySize, Orders.Name(plan.Order)) { Aspect = name, ViewChange = Of(times), Stall = Of(stalls), Rounds = [.. times] };
    }

    private async Task<(List<double> Times, double Stall)> RoundAsync(BenchCrew crew, ChangeKind change, int round, CancellationToken ct)
    {
        if (change == ChangeKind.Join)
            return await JoinAsync(crew, ct).ConfigureAwait(false);
        CrewMember victim = crew.Members[round % crew.Members.Count];
        CrewMember[] others = [.. crew.Members.Where(each => each != victim)];
        CrewMember steady = others[^1];
        foreach (CrewMember each in others)
            each.Forget("view");
        steady.Tell("steady", Text(SteadySize));
        await Task.Delay(200, ct).ConfigureAwait(false);
        long began = Stopwatch.GetTimestamp();
        switch (change)
        {
            case ChangeKind.Crash:
                victim.Kill();
                break;
            case ChangeKind.Pause:
                _ = Signal(victim.ProcessId!.Value, Stop);
                break;
            case ChangeKind.Leave:
                victim.Tell("leave", "");
                began = long.Parse((await victim.HearAsync("leaving", ct).ConfigureAwait(false))[1], CultureInfo.InvariantCulture);
                break;
            default:
                throw new InvalidOperationException($"no round for {change}");
        }
        List<double> times = [];
        foreach (CrewMember each in others)
            times.Add(await SeesAsync(each, others.Length, began, ct).ConfigureAwait(false));
        double stall = await CalmAsync(steady, ct).ConfigureAwait(false);
        if (change == ChangeKind.Pause)
            _ = Signal(victim.ProcessId!.Value, Continue);
        crew.Remove(victim);
        await crew.AddAsync(victim.Name).ConfigureAwait(false); // a new life under the old name: a cluster needs its founders' names
        await SettleAsync(crew, plan.Nodes, ct).ConfigureAwait(false);
        return (times, stall);
    }

    /// <summary>The time of a join is what the joiner waits for its group, once its node is in the cluster.</summary>
    private async Task<(List<double> Times, double Stall)> JoinAsync(BenchCrew crew, CancellationToken ct)
    {
        CrewMember steady = crew.Members[^1];
        steady.Tell("steady", Text(SteadySize));
        CrewMember joiner = await crew.AddAsync($"n{++_next}").ConfigureAwait(false);
        string[] joined = await joiner.HearAsync("joined", ct).ConfigureAwait(false);
        double stall = await CalmAsync(steady, ct).ConfigureAwait(false);
        joiner.Tell("leave", "");
        await joiner.HearAsync("left", ct).ConfigureAwait(false);
        crew.Remove(joiner);
        await SettleAsync(crew, plan.Nodes, ct).ConfigureAwait(false);
        return ([double.Parse(joined[2], CultureInfo.InvariantCulture)], stall);
    }

    private static async Task<double> SeesAsync(CrewMember member, int count, long began, CancellationToken ct)
    {
        while (true)
        {
            string[] view = await member.HearAsync("view", ct).ConfigureAwait(false);
            if (view[2] == Text(count))
                return (long.Parse(view[1], CultureInfo.InvariantCulture) - began) * 1000.0 / Stopwatch.Frequency;
        }
    }

    private static async Task<double> CalmAsync(CrewMember steady, CancellationToken ct)
    {
        steady.Tell("calm", "");
        return double.Parse((await steady.HearAsync("stall", ct).ConfigureAwait(false))[1], CultureInfo.InvariantCulture);
    }

    /// <summary>Waits until all are in one view of so many, and what was compiled for it has cooled down.</summary>
    private static async Task SettleAsync(BenchCrew crew, int count, CancellationToken ct)
    {
        foreach (CrewMember member in crew.Members)
            while (true)
            {
                member.Tell("members", "");
                if ((await member.HearAsync("members", ct).ConfigureAwait(false))[1] == Text(count))
                    break;
                await Task.Delay(20, ct).ConfigureAwait(false);
            }
        await Task.Delay(300, ct).ConfigureAwait(false);
    }

    private static Percentiles Of(List<double> values)
    {
        double[] sorted = [.. values.Order()];
        double At(double part) => sorted[Math.Min(sorted.Length - 1, (int)Math.Ceiling(part * sorted.Length) - 1 is >= 0 and int at ? at : 0)];
        return new Percentiles(At(0.5), At(0.99), At(0.999));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
