using System;
using System.Globalization;
using System.IO;
using System.Threading;
using GroupComm.Daemon.CommandLine;
using GroupComm.Daemon.Floodlight.Controllers;
using GroupComm.Daemon.Floodlight.Script;
using GroupComm.Daemon.Floodlight.Simulated;
using GroupComm.Daemon.Floodlight.World;

namespace GroupComm.Daemon.Floodlight.Runs;

/// <summary>One schedule step by step: what happens, and how many pairs of hosts are without a way after it.</summary>
internal sealed class Watching(IStage stage, TextWriter to, TimeSpan pace) : IStageWatch
{
    private long _from = -1;
    private int _broken;

    public static int Show(ulong seed, Race race, Approach approach, TimeSpan pace, TextWriter to)
    {
        var stage = new Stage();
        var watching = new Watching(stage, to, pace);
        stage.Watch = watching;
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{approach.Name}, race {race}: {Races.Describe(race)}; seed {seed}; milliseconds since the race began"));
        ScheduleOutcome outcome = Schedule.Play(stage, seed, race, approach);
        if (outcome.Failure is { } failure)
        {
            to.WriteLine(failure);
            return Exit.Violation;
        }
        return Verdict(stage, outcome.Lost, Expectation.Of(approach, race), to);
    }

    /// <summary>What the judge says of the real tables.</summary>
    public static int Verdict(IStage stage, int lost, Promise promise, TextWriter to)
    {
        foreach ((int from, int there, Passage why) in stage.Judge.Broken())
            to.WriteLine($"            host at s{from} to host at s{there}: {(why == Passage.Loop ? "a loop" : "a black hole")}, for ever");
        int broken = stage.Judge.BlackHoles + stage.Judge.Loops;
        to.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"after quiet: {broken} pairs broken, {lost} changes that the master never heard of, {stage.Judge.HoleTime / 1e6:0.000} pair-seconds without a way"));
        to.WriteLine((broken, promise) switch
        {
            (0, Promise.None) => "OK: the design promises no hole here, and there is none",
            (0, _) => "no hole this time: the design does not cover this race, and was lucky",
            (_, Promise.Holes) => "as expected: the design does not cover this race",
            _ => "NOT AS PROMISED: the design leaves no hole here",
        });
        return broken == 0 || promise == Promise.Holes ? Exit.Ok : Exit.Violation;
    }

    public void Begins(long now) => _from = now;

    public void Happens(long now, int controller, string text) => Line(now, controller < 0 ? $"* {text}" : $"n{controller + 1} {text}");

    public void Report(long sent, long arrival, int controller, SwitchReport report)
    {
        // It is told when it is heard.
    }

    public void Command(long sent, long arrival, int controller, int to, bool obeyed) =>
        Line(arrival, $"s{to} {(obeyed ? "takes" : "refuses")} a table of n{controller + 1}");

    private void Line(long now, string text)
    {
        if (_from < 0)
            return;
        int broken = stage.Judge.BlackHoles + stage.Judge.Loops;
        string change = broken == _broken ? "" : broken == 0 ? "   [all pairs have a way]" : string.Create(CultureInfo.InvariantCulture, $"   [{broken} pairs without a way]");
        _broken = broken;
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(now - _from) / 1000.0,10:0.000}  {text}{change}"));
        if (pace > TimeSpan.Zero)
            Thread.Sleep(pace);
    }
}
