using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using GroupComm.Daemon.Floodlight.Controllers;
using GroupComm.Daemon.Floodlight.Script;
using GroupComm.Daemon.Floodlight.Simulated;

namespace GroupComm.Daemon.Floodlight.Runs;

/// <summary>docs/controller-race.md and its pictures: a template, which the executable carries along, and the figures of a run.</summary>
internal static class Page
{
    private const ulong DrawnSeed = 1;

    public static void Write(FloodlightRun run, string directory)
    {
        Directory.CreateDirectory(directory);
        File.WriteAllText(Path.Combine(directory, "controller-race.md"), Text(run));
        foreach ((string file, string approach) in Pictures)
            File.WriteAllText(Path.Combine(directory, file), Drawing.Svg(DrawnSeed, Race.A, Approach.Find(approach)));
    }

    public static IReadOnlyList<(string File, string Approach)> Pictures { get; } =
        [("controller-race-fails.svg", "baseline"), ("controller-race-saved.svg", "virtual-synchrony")];

    public static string Text(FloodlightRun run)
    {
        using Stream template = typeof(Page).Assembly.GetManifestResourceStream("controller-race.txt") ?? throw new InvalidOperationException("the template is not in the executable");
        using var reader = new StreamReader(template);
        return reader.ReadToEnd()
            .Replace("{schedules}", run.Schedules.ToString("N0", CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{raw}", run.Schedules.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{all}", run.Cells.Sum(static cell => (long)cell.Schedules).ToString("N0", CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{holes}", Grid(run, static cell => cell.Ok ? Holes(cell) : $"**{Holes(cell)}**"), StringComparison.Ordinal)
            .Replace("{repair}", Grid(run, static cell => cell.Broken == cell.Schedules ? "–" : string.Create(CultureInfo.InvariantCulture, $"{cell.Repair(0.5):0} / {cell.Repair(0.99):0}")), StringComparison.Ordinal)
            .Replace("{seconds}", Grid(run, static cell => string.Create(CultureInfo.InvariantCulture, $"{cell.HoleSeconds / cell.Schedules:0.0}")), StringComparison.Ordinal)
            .Replace("{costs}", Costs(run), StringComparison.Ordinal);
    }

    private static string Holes(Cell cell) => cell.Broken == 0 ? "0" : string.Create(CultureInfo.InvariantCulture, $"{100.0 * cell.Broken / cell.Schedules:0.#} %");

    private static string Grid(FloodlightRun run, Func<Cell, string> value)
    {
        var text = new StringBuilder("| | A | B | C | D | E | F | G |\n|---|---|---|---|---|---|---|---|\n");
        foreach (var row in run.Cells.GroupBy(static cell => cell.Approach.Name))
            text.Append("| ").Append(row.Key).Append(" | ").AppendJoin(" | ", row.Select(value)).Append(" |\n");
        return text.ToString().TrimEnd();
    }

    private static string Costs(FloodlightRun run)
    {
        var text = new StringBuilder("| | lines of code | multicasts | reports | commands | questions and answers | aborts | known already | stale commands obeyed / refused in F | lost reports in E |\n|---|---|---|---|---|---|---|---|---|---|\n");
        foreach (var row in run.Cells.GroupBy(static cell => cell.Approach))
        {
            double Mean(Func<Cell, long> of) => row.Sum(of) / (double)row.Sum(static cell => cell.Schedules);
            Cell e = row.First(static cell => cell.Race == Race.E), f = row.First(static cell => cell.Race == Race.F);
            text.Append(CultureInfo.InvariantCulture,
                $"| {row.Key.Name} | {CodeLines.Of(row.Key)} | {Mean(static c => c.Multicasts):0.0} | {Mean(static c => c.Reports):0.0} | {Mean(static c => c.Commands):0.0} | {Mean(static c => c.Asks):0.0} | {Mean(static c => c.Aborts):0.0} | {Mean(static c => c.Duplicates):0.0} | {f.PerSchedule(f.Stale):0.0} / {f.PerSchedule(f.Refused):0.0} | {e.PerSchedule(e.Lost):0.0} |\n");
        }
        return text.ToString().TrimEnd();
    }
}
