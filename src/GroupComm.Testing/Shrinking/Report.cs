using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using GroupComm.Testing.Diagrams;
using GroupComm.Testing.Simulation;

namespace GroupComm.Testing.Shrinking;

/// <summary>A failing schedule for people: cut down, told in words, and drawn.</summary>
internal sealed record Report(Schedule Schedule, SimViolation Violation, IReadOnlyList<(long Time, string Text)> Lines, Picture Picture, long From, int Runs)
{
    // A cluster that never becomes whole again does the same over and over.
    private const int MaxLines = 400;
    private const int MaxMarks = 200;

    // Nodes that a diagram bears well, and how far to look for a schedule that has no more.
    private const int FewNodes = 4;
    private const ulong SeedsTried = 400;

    /// <summary>Shrinks what <paramref name="seed"/> violates; null when it violates nothing.</summary>
    public static Report? Of(SimulationPlan plan, ulong seed, int maxRuns = Shrinker.DefaultRuns)
    {
        var cluster = new SimCluster();
        Schedule whole = Schedule.Record(plan, seed, cluster, out SimViolation? found);
        if (found is null)
            return null;
        var shrinker = new Shrinker(maxRuns);
        Schedule small = shrinker.Shrink(whole, found.Law);
        int runs = shrinker.Runs;
        if (small.Founders > FewNodes && Smaller(plan, seed, found.Law, cluster) is { } other)
        {
            small = shrinker.Shrink(other, found.Law);
            runs += shrinker.Runs;
        }
        return Of(small, runs);
    }

    /// <summary>A schedule of fewer nodes that violates the same law: the same seed and those after it, with fewer nodes.</summary>
    private static Schedule? Smaller(SimulationPlan plan, ulong seed, string law, SimCluster cluster)
    {
        for (int nodes = Math.Min(3, plan.MaxNodes); nodes <= FewNodes; nodes++)
            for (ulong other = seed; other < seed + SeedsTried; other++)
            {
                SimulationPlan few = plan with { MinNodes = nodes, MaxNodes = nodes };
                if (Simulator.Play(cluster, other, few)?.Law == law)
                    return Schedule.Record(few, other, cluster, out _);
            }
        return null;
    }

    /// <summary>Plays a schedule and keeps what it shows; null when it violates nothing.</summary>
    public static Report? Of(Schedule schedule, int runs = 0)
    {
        var recorder = new Recorder();
        var cluster = new SimCluster { Watch = recorder, Story = recorder.Tell };
        if (schedule.Play(cluster) is not { } violation)
            return null;
        foreach (ViolationPlace place in violation.At)
            recorder.Picture.Guilty.Add((place.Node, place.Time));
        // The founding of the first view is not told, unless it is what went wrong.
        long from = violation.At.All(place => place.Time >= recorder.Founded) && recorder.Founded < cluster.Now ? recorder.Founded : 0;
        return new Report(schedule, violation, recorder.Lines, recorder.Picture, from, runs);
    }

    /// <summary>What happens to the cluster from outside: founders that start, faults, messages.</summary>
    public int Inputs => Schedule.Founders + Schedule.Inputs;

    public string Title => string.Create(CultureInfo.InvariantCulture, $"seed {Schedule.Seed}{(Schedule.Rules.Name == "none" ? "" : $", mutant {Schedule.Rules.Name}")}: {Violation.Law} is violated");

    /// <summary>The golden trace: the same schedule always gives the same text.</summary>
    public void WriteText(TextWriter to)
    {
        var c = CultureInfo.InvariantCulture;
        to.Write(string.Create(c, $"{Title}\n{Picture.Processes.Count} nodes, {Inputs} events from outside (starts, faults, messages), ends after {Picture.End / 1000.0:0.0} ms; cut down in {Runs} runs\n"));
        if (From > 0)
            to.Write("the founding of view 1 is left out; its lines are those before time 0\n");
        to.Write('\n');
        (long Time, string Text)[] told = [.. Lines.Where(line => line.Time >= From || line.Text.EndsWith(" starts", StringComparison.Ordinal))];
        for (int i = 0; i < told.Length; i++)
        {
            if (i == MaxLines / 2 && told.Length > MaxLines)
            {
                i = told.Length - (MaxLines / 2);
                to.Write(string.Create(c, $"            … {told.Length - MaxLines:N0} lines like these\n"));
            }
            to.Write(string.Create(c, $"{(told[i].Time - From) / 1000.0,10:0.000}  {told[i].Text}\n"));
        }
        to.Write($"\n{Violation.Text}\n");
    }

    public string Svg() => SpaceTime.Draw(Picture.Until(From, MaxMarks), From, Title, Violation.Text);
}
