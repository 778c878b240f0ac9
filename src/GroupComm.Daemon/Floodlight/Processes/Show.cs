using System;
using System.Globalization;
using System.IO;
using GroupComm.Daemon.CommandLine;
using GroupComm.Daemon.Demo;
using GroupComm.Daemon.Floodlight.Controllers;
using GroupComm.Daemon.Floodlight.Runs;
using GroupComm.Daemon.Floodlight.Script;

namespace GroupComm.Daemon.Floodlight.Processes;

/// <summary>One race with real processes, in real time: the story line by line, and the judge's verdict.</summary>
internal static class Show
{
    public static int Run(ulong seed, Race race, Approach approach, TextWriter output, TextWriter error)
    {
        if (OperatingSystem.IsWindows())
            throw new UsageException("--show lets machines fall silent with SIGSTOP, which Windows does not have: use --watch");
        using var stop = new CtrlC();
        int controllers = Races.Controllers(race);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{approach.Name}, race {race}: {Races.Describe(race)}; seed {seed}; {controllers} controllers are processes, with a group over loopback TCP; a silent machine is missed after at most {ControllerNode.Silence.TotalSeconds:0} s; milliseconds since the race began"));
        using var stage = new ProcessStage(approach, controllers, seed, stop.Token);
        stage.Watch = new Watching(stage, output, TimeSpan.Zero);
        try
        {
            stage.Open(race);
            if (Races.Play(race, stage) is { } failure)
                throw new DemoFailure(failure, "");
            stage.Quiet();
            return Watching.Verdict(stage, stage.Lost(), Expectation.Of(approach, race), output);
        }
        catch (DemoFailure failure)
        {
            error.WriteLine($"groupcomm floodlight: {failure.Message}");
            error.Write(failure.Log);
            return Exit.Violation;
        }
    }
}
