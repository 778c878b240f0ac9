using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using GroupComm.Daemon.Bench.Reports;
using GroupComm.Daemon.CommandLine;

namespace GroupComm.Daemon.Availability;

/// <summary><c>groupcomm availability</c>: what links that fail do to a group, in a year.</summary>
internal static class AvailabilityCommand
{
    public static Command Create()
    {
        string names = string.Join(", ", LinkProfile.All.Select(static each => each.Name));
        var profile = new Option<string>("--profile") { Description = $"The links: {names}, or all.", HelpName = "NAME", DefaultValueFactory = _ => "all" };
        var nodes = new Option<int>("--nodes") { Description = "Nodes, 2 to 9.", HelpName = "N", DefaultValueFactory = _ => 3 };
        var repair = new Option<string>("--repair") { Description = "Mean time that a link is down, as 30s, 5min, 2h.", HelpName = "TIME", DefaultValueFactory = _ => "5min" };
        var years = new Option<double>("--years") { Description = "Years to play, up to 1,000,000.", HelpName = "Y", DefaultValueFactory = _ => 10_000 };
        var stall = new Option<string>("--stall") { Description = "What a lost member costs: detection and view change.", HelpName = "TIME", DefaultValueFactory = _ => "1.5s" };
        var seed = new Option<int>("--seed") { Description = "Of the draws.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var chart = new Option<string?>("--chart") { Description = "Writes the figures as a chart (SVG).", HelpName = "FILE" };
        var json = new Option<bool>("--json") { Description = "One JSON object for scripts; with one profile." };
        var command = new ExampledCommand("availability",
            "Seconds a year without a primary view, and stalled in view changes, when the nodes' links fail as measured: played event by event, beside the exact solution. Exits 1 when they differ by more than a tenth.",
            "groupcomm availability", "groupcomm availability --profile wan-high --nodes 5 --repair 5min --years 10000 --chart year.svg")
        {
            profile, nodes, repair, years, stall, seed, chart, json,
        };
        command.SetAction(parsed =>
        {
            string name = parsed.GetRequiredValue(profile);
            LinkProfile[] profiles = [.. LinkProfile.All.Where(each => name == "all" || each.Name == name)];
            if (profiles.Length == 0)
                throw new UsageException($"--profile '{name}' is unknown: use one of {names}, all");
            if (parsed.GetValue(nodes) is < 2 or > 9)
                throw new UsageException("--nodes is out of range: 2 to 9");
            if (parsed.GetValue(years) is not (> 0 and <= 1_000_000))
                throw new UsageException("--years is out of range: more than 0, up to 1000000");
            if (parsed.GetValue(json) && profiles.Length > 1)
                throw new UsageException($"--json describes one profile: give --profile with one of {names}");
            TimeSpan down = Times.Parse(parsed.GetRequiredValue(repair), "--repair"), lost = Times.Parse(parsed.GetRequiredValue(stall), "--stall");
            AvailabilityRun[] runs = [.. profiles.Select(each => AvailabilityRun.Play(each, parsed.GetValue(nodes), down, parsed.GetValue(years), lost, (ulong)Math.Max(0, parsed.GetValue(seed))))];
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(chart) is { } file)
                File.WriteAllText(file, Chart(runs));
            if (parsed.GetValue(json))
                WriteJson(runs[0], output);
            else
                Write(runs, output);
            return runs.All(static run => run.Ok) ? Exit.Ok : Exit.Violation;
        });
        return command;
    }

    private static void Write(AvailabilityRun[] runs, TextWriter output)
    {
        output.WriteLine($"{"",-9} {"nodes",5}   {"no primary, s/year",34}   {"stalled in view changes, s/year",31}");
        output.WriteLine($"{"links",-9} {"",5}   {"played",12} {"solved",12} {"differ",8}   {"played",10} {"solved",10}");
        foreach (AvailabilityRun run in runs)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{run.Profile.Name,-9} {run.Nodes,5}   {Short(run.Simulated.NoPrimarySeconds),12} {Short(run.Solved.NoPrimarySeconds),12} {run.Deviation,8:0.0%}   {run.Stalled,10:0} {run.StalledSolved,10:0}{(run.Ok ? "" : "  <- differs")}{(run.Biased ? "  *" : "")}"));
        foreach (AvailabilityRun run in runs)
            output.WriteLine($"{run.Profile.Name,-9} no primary {Bar(run.Simulated.NoPrimarySeconds)} {Short(run.Simulated.NoPrimarySeconds)}\n{"",-9} stalled    {Bar(run.Stalled)} {Short(run.Stalled)}");
        output.WriteLine("each # is a factor of 2 over 0.0001 s a year");
        if (runs.Any(static run => run.Biased))
            output.WriteLine("* so many years have too few outages for a mean: played in cycles in which failures were made likely, and weighed");
    }

    private static string Bar(double seconds) => new('#', Math.Clamp((int)Math.Round(Math.Log2(Math.Max(seconds, 1e-4) / 1e-4)), 0, 40));

    private static string Short(double seconds) => seconds.ToString(seconds >= 100 ? "N0" : "G3", CultureInfo.InvariantCulture);

    private static string Chart(AvailabilityRun[] runs)
    {
        List<Bar> bars = [];
        foreach (AvailabilityRun run in runs)
            foreach ((string series, double value) in new[] { ("no primary", run.Simulated.NoPrimarySeconds), ("no primary, solved", run.Solved.NoPrimarySeconds), ("stalled", run.Stalled), ("stalled, solved", run.StalledSolved) })
                bars.Add(new Bar($"{run.Profile.Name}, {run.Nodes}", series, value, Short(value) + " s/year"));
        const string Style = "<style>text{font:13px sans-serif;fill:#66727f}.s0{fill:#1d62b8}.s1{fill:#b9d4f5}.s2{fill:#c77700}.s3{fill:#f7dfa5}</style>";
        string svg = SvgBars.Draw(bars);
        int inside = svg.IndexOf('>', StringComparison.Ordinal) + 1;
        return svg[..inside] + Style + svg[inside..] + "\n";
    }

    private static void WriteJson(AvailabilityRun run, TextWriter output) => Json.Write(output, json =>
    {
        json.WriteString("profile", run.Profile.Name);
        json.WriteNumber("nodes", run.Nodes);
        json.WriteNumber("noPrimarySecondsPerYear", run.Simulated.NoPrimarySeconds);
        json.WriteNumber("expected", run.Solved.NoPrimarySeconds);
        json.WriteNumber("stalledSecondsPerYear", run.Stalled);
        json.WriteNumber("stalledExpected", run.StalledSolved);
        json.WriteNumber("outages", run.Outages);
        json.WriteBoolean("ok", run.Ok);
    });
}
