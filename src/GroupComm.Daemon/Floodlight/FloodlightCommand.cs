using System;
using System.CommandLine;
using System.Diagnostics;
using GroupComm.Daemon.CommandLine;
using GroupComm.Daemon.Floodlight.Controllers;
using GroupComm.Daemon.Floodlight.Simulated;

namespace GroupComm.Daemon.Floodlight;

internal static class FloodlightCommand
{
    public static Command Create()
    {
        var n = new Option<int>("--schedules") { DefaultValueFactory = _ => 100 };
        var command = new ExampledCommand("floodlight", "x") { n };
        command.SetAction(parsed =>
        {
            var to = parsed.InvocationConfiguration.Output;
            var stage = new Stage();
            foreach (Approach approach in Approach.All)
                foreach (Race race in Enum.GetValues<Race>())
                {
                    int holes = 0, failures = 0, loops = 0, lost = 0, stale = 0; string? why = null; long rep = 0;
                    long began = Stopwatch.GetTimestamp();
                    for (int i = 1; i <= parsed.GetValue(n); i++)
                    {
                        ScheduleOutcome o = Schedule.Play(stage, (ulong)i, race, approach);
                        if (o.Failure is not null) { failures++; why ??= $"seed {i}: {o.Failure}"; }
                        holes += o.BlackHoles > 0 ? 1 : 0; loops += o.Loops > 0 ? 1 : 0; lost += o.Lost; stale += o.Stale; rep = Math.Max(rep, o.RepairTime);
                    }
                    double s = Stopwatch.GetElapsedTime(began).TotalSeconds;
                    to.WriteLine($"{approach.Name,-18} {race} holes {holes} loops {loops} fail {failures} lost {lost} stale {stale} rep {rep / 1000} ms  {parsed.GetValue(n) / s:0}/s {why?[..Math.Min(why.Length, 1500)]}");
                }
            return 0;
        });
        return command;
    }
}
