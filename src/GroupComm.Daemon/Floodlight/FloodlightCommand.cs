using System;
using System.CommandLine;
using System.IO;
using System.Linq;
using GroupComm.Daemon.CommandLine;
using GroupComm.Daemon.Floodlight.Controllers;
using GroupComm.Daemon.Floodlight.Processes;
using GroupComm.Daemon.Floodlight.Runs;
using GroupComm.Daemon.Floodlight.Script;
using GroupComm.Daemon.Floodlight.Simulated;

namespace GroupComm.Daemon.Floodlight;

/// <summary><c>groupcomm floodlight</c>: the controller race under its seven answers, and without any.</summary>
internal static class FloodlightCommand
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(120);

    public static Command Create()
    {
        var schedules = new Option<int>("--schedules") { Description = "Schedules of each cell, 1 to 1,000,000: the seeds 1 to N.", HelpName = "N", DefaultValueFactory = _ => 100 };
        var race = new Option<string?>("--race") { Description = "Only these races: A to G, by commas or as a range [default: all].", HelpName = "A..G" };
        var approach = new Option<string?>("--approach") { Description = $"Only these answers, by commas [default: all]: {string.Join(", ", Approach.All.Select(static each => each.Name))}.", HelpName = "a,b,…" };
        var threads = new Option<int>("--threads") { Description = "Threads, 1 to 256; default: one per processor.", HelpName = "N", DefaultValueFactory = _ => Environment.ProcessorCount };
        var watch = new Option<bool>("--watch") { Description = "Shows one schedule step by step: with one race and one answer." };
        var show = new Option<bool>("--show") { Description = "Plays one race with real processes and a real group, in real time: with one race and one answer." };
        var seed = new Option<long>("--seed") { Description = "The schedule of --watch and --show.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var docs = new Option<string?>("--docs") { Description = "Writes controller-race.md and its pictures there.", HelpName = "DIR" };
        var json = new Option<bool>("--json") { Description = "One JSON object for scripts." };
        var command = new ExampledCommand("floodlight",
            "A network controller with replicas loses its master in the wrong moment: eight programs, seven races, on real cores in virtual time. Judged are the real flow tables after quiet. Exits 1 when a cell is not as its design promises.",
            "groupcomm floodlight --schedules 1000", "groupcomm floodlight --race A --approach baseline,virtual-synchrony", "groupcomm floodlight --watch --race A --approach baseline",
            "groupcomm floodlight --show --race A --approach virtual-synchrony",             "groupcomm floodlight --schedules 10000 --docs docs")
        {
            schedules, race, approach, threads, watch, show, seed, docs, json,
        };
        command.SetAction(parsed =>
        {
            InvocationConfiguration to = parsed.InvocationConfiguration;
            Race[] races = ParseRaces(parsed.GetValue(race));
            Approach[] approaches = ParseApproaches(parsed.GetValue(approach));
            if (parsed.GetValue(threads) is < 1 or > 256)
                throw new UsageException("--threads is out of range: 1 to 256");
            if (parsed.GetValue(schedules) is < 1 or > 1_000_000)
                throw new UsageException("--schedules is out of range: 1 to 1000000");
            if (parsed.GetValue(seed) < 1)
                throw new UsageException("--seed is out of range: 1 or more");
            if (parsed.GetValue(watch) || parsed.GetValue(show))
            {
                string which = parsed.GetValue(watch) ? "--watch" : "--show";
                if (parsed.GetValue(watch) && parsed.GetValue(show))
                    throw new UsageException("--watch plays in virtual time and --show with real processes: give one of them");
                if (races.Length != 1 || approaches.Length != 1)
                    throw new UsageException($"{which} shows one schedule: give one --race and one --approach, for example --race A --approach baseline");
                if (parsed.GetValue(json) || parsed.GetValue(docs) is not null)
                    throw new UsageException($"{which} is for people: leave out --json and --docs");
                if (parsed.GetValue(show))
                    return Show.Run((ulong)parsed.GetValue(seed), races[0], approaches[0], to.Output, to.Error);
                TimeSpan pace = ReferenceEquals(to.Output, Console.Out) && !Console.IsOutputRedirected ? Pace : TimeSpan.Zero;
                return Watching.Show((ulong)parsed.GetValue(seed), races[0], approaches[0], pace, to.Output);
            }
            if (parsed.GetValue(docs) is not null && (races.Length < Enum.GetValues<Race>().Length || approaches.Length < Approach.All.Count))
                throw new UsageException("--docs writes the whole table: leave out --race and --approach");
            return Run(new FloodlightPlan(approaches, races, parsed.GetValue(schedules), parsed.GetValue(threads)), parsed.GetValue(docs), parsed.GetValue(json), to.Output);
        });
        return command;
    }

    private static int Run(FloodlightPlan plan, string? docs, bool json, TextWriter output)
    {
        if (!json)
            output.WriteLine(Reports.Head());
        FloodlightRun run = FloodlightRun.Play(plan, cell =>
        {
            if (!json)
                output.WriteLine(Reports.Line(cell));
        });
        if (docs is not null)
            Page.Write(run, docs);
        if (json)
            Reports.Json(run, output);
        else
            Reports.End(run, output);
        return run.Ok ? Exit.Ok : Exit.Violation;
    }

    private static Race[] ParseRaces(string? text)
    {
        Race[] all = Enum.GetValues<Race>();
        if (text is null)
            return all;
        if (text.Split("..") is [var first, var last] && Parse(first) is var from && Parse(last) is var until)
            return from <= until ? [.. all.Where(each => each >= from && each <= until)] : throw new UsageException($"--race '{text}' runs backwards: write {last}..{first}");
        return [.. text.Split(',', StringSplitOptions.TrimEntries).Select(Parse).Distinct().Order()];

        static Race Parse(string name) => Races.Find(name) ?? throw new UsageException($"--race '{name}' is unknown: use A to G");
    }

    private static Approach[] ParseApproaches(string? text) => text is null ? [.. Approach.All] : [.. text.Split(',', StringSplitOptions.TrimEntries).Select(static name =>
        Approach.All.FirstOrDefault(each => each.Name == name)
            ?? throw new UsageException($"--approach '{name}' is unknown: use one of {string.Join(", ", Approach.All.Select(static each => each.Name))}")).Distinct()];
}
