using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using GroupComm.Daemon.CommandLine;
using GroupComm.Daemon.Floodlight.Controllers;
using GroupComm.Daemon.Floodlight.Script;
using GroupComm.Daemon.Floodlight.Simulated;

namespace GroupComm.Daemon.Floodlight.Runs;

/// <summary>A run as lines for people, and as JSON for scripts.</summary>
internal static class Reports
{
    public static string Head() =>
        $"{"approach",-18} race {"expected",-8} {"holes",6} {"loops",6} {"hole s",8} {"p50 ms",7} {"p99 ms",7} {"stale",6} {"lost",6} {"dup",6} {"abort",6} {"msgs",6}";

    public static string Line(Cell cell) => string.Create(CultureInfo.InvariantCulture,
        $"{cell.Approach.Name,-18} {cell.Race,-4} {Expectation.Name(cell.Promise),-8} {cell.Broken,6} {cell.Loops,6} {cell.HoleSeconds / Math.Max(1, cell.Schedules),8:0.00} {cell.Repair(0.5),7:0.0} {cell.Repair(0.99),7:0.0} {cell.Stale,6} {cell.Lost,6} {cell.PerSchedule(cell.Duplicates),6:0.0} {cell.PerSchedule(cell.Aborts),6:0.0} {cell.PerSchedule(cell.Messages),6:0}{(cell.Ok ? "" : "  <- not as promised")}");

    public static void End(FloodlightRun run, TextWriter to)
    {
        long all = run.Cells.Sum(static cell => (long)cell.Schedules);
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{all:N0} schedules in {run.Seconds:0.0} s ({all / Math.Max(run.Seconds, 0.001):N0}/s)"));
        foreach (Cell cell in run.Cells.Where(static cell => !cell.Ok))
            to.WriteLine(Complaint(cell));
        if (run.Ok)
            to.WriteLine("OK: every cell is as the design of its answer promises");
    }

    public static string Complaint(Cell cell)
    {
        string where = $"{cell.Approach.Name}, race {cell.Race}";
        if (cell.FirstFailure is { } failure)
            return $"{where}: {cell.Failures} schedules failed, first {failure}";
        return cell.Promise == Promise.None
            ? $"{where}: {cell.Broken} of {cell.Schedules} schedules end with a hole and none should, first seed {cell.FirstBroken}: see it with --watch --race {cell.Race} --approach {cell.Approach.Name} --seed {cell.FirstBroken}"
            : $"{where}: not one of {cell.Schedules} schedules ends with a hole: the race was not run";
    }

    public static void Json(FloodlightRun run, TextWriter to) => CommandLine.Json.Write(to, json =>
    {
        json.WriteNumber("schedules", run.Schedules);
        json.WriteNumber("seconds", Math.Round(run.Seconds, 3));
        json.WriteStartArray("table");
        foreach (Cell cell in run.Cells)
            Write(json, cell);
        json.WriteEndArray();
        json.WriteStartObject("linesOfCode");
        foreach (Approach approach in run.Cells.Select(static cell => cell.Approach).Distinct())
            json.WriteNumber(approach.Name, CodeLines.Of(approach));
        json.WriteEndObject();
        json.WriteBoolean("ok", run.Ok);
    });

    private static void Write(Utf8JsonWriter json, Cell cell)
    {
        json.WriteStartObject();
        json.WriteString("approach", cell.Approach.Name);
        json.WriteString("race", cell.Race.ToString());
        json.WriteNumber("blackHoles", cell.Broken);
        json.WriteNumber("loops", cell.Loops);
        json.WriteNumber("blackHoleSeconds", Math.Round(cell.HoleSeconds, 3));
        json.WriteNumber("repairP50", Math.Round(cell.Repair(0.5), 3));
        json.WriteNumber("repairP99", Math.Round(cell.Repair(0.99), 3));
        json.WriteNumber("lost", cell.Lost);
        json.WriteNumber("duplicates", cell.Duplicates);
        json.WriteNumber("aborts", cell.Aborts);
        json.WriteNumber("staleCommands", cell.Stale);
        json.WriteNumber("refusedCommands", cell.Refused);
        json.WriteNumber("messages", cell.Messages);
        foreach ((string kind, long count) in Kinds(cell))
            json.WriteNumber(kind, count);
        json.WriteString("expected", Expectation.Name(cell.Promise));
        json.WriteBoolean("ok", cell.Ok);
        if (!cell.Ok)
            json.WriteString("why", Complaint(cell));
        json.WriteEndObject();
    }

    public static IEnumerable<(string Kind, long Count)> Kinds(Cell cell) =>
        [("multicasts", cell.Multicasts), ("reports", cell.Reports), ("commands", cell.Commands), ("asksAndAnswers", cell.Asks)];
}
