using System.Linq;
using GroupComm.Daemon.Floodlight.Controllers;
using GroupComm.Daemon.Floodlight.Script;
using GroupComm.Daemon.Floodlight.World;
using GroupComm.Testing.Simulation;

namespace GroupComm.Daemon.Floodlight.Simulated;

/// <summary>What one schedule came to. Times are microseconds.</summary>
internal sealed record ScheduleOutcome
{
    /// <summary>It could not be played, or broke a law of virtual synchrony: a defect.</summary>
    public string? Failure { get; init; }

    /// <summary>Pairs of hosts that are connected by wires and do not reach each other after quiet.</summary>
    public int BlackHoles { get; init; }

    public int Loops { get; init; }

    public long HoleTime { get; init; }

    /// <summary>-1: not repaired.</summary>
    public long RepairTime { get; init; }

    /// <summary>Changes of the network that the last master does not know.</summary>
    public int Lost { get; init; }

    /// <summary>Reports delivered through the group that were known already.</summary>
    public int Duplicates { get; init; }

    public int Aborts { get; init; }

    /// <summary>Commands that a switch obeyed after one of a later master.</summary>
    public int Stale { get; init; }

    public long Multicasts { get; init; }

    public StageCounts Counts { get; init; } = new();
}

/// <summary>One race under one approach, from one seed.</summary>
internal static class Schedule
{
    // Long enough for silence to be noticed, for a view change, for a repair.
    private const long Quiet = 600_000;

    public static ScheduleOutcome Play(Stage stage, ulong seed, Race race, Approach approach)
    {
        try
        {
            string? failure = stage.Open(seed, Races.Controllers(race), approach.Make, network => Races.Prepare(race, network, stage.Random));
            stage.Begin();
            if ((failure ??= Races.Play(race, stage)) is not null)
                return new ScheduleOutcome { Failure = failure };
            stage.Run(Quiet);
        }
        catch (SimAppException broken)
        {
            return new ScheduleOutcome { Failure = $"{broken.Law}: {broken.Message}" };
        }
        if (stage.Cluster.CheckLaws() is { } violation)
            return new ScheduleOutcome { Failure = violation.Text };
        if (stage.Master is not { } master)
            return new ScheduleOutcome { Failure = "there is no master at the end" };
        stage.Judge.Look(stage.Now);
        return new ScheduleOutcome
        {
            BlackHoles = stage.Judge.BlackHoles,
            Loops = stage.Judge.Loops,
            HoleTime = stage.Judge.HoleTime,
            RepairTime = stage.Judge.IsWhole ? stage.Judge.RepairTime : -1,
            Lost = stage.Network.Switches.Sum(each => each.Unknown(master.Controller.Knows(each.Number))),
            Duplicates = stage.Rooms.Sum(static room => room.Controller.Duplicates),
            Aborts = stage.Rooms.Max(static room => room.Controller.Aborts),
            Stale = stage.Network.Switches.Sum(static each => each.StaleCommands),
            Multicasts = stage.Cluster.Messages - stage.Before,
            Counts = stage.Counts,
        };
    }
}
