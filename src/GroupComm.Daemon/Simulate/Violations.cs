using System;
using System.Globalization;
using System.IO;
using GroupComm.Daemon.CommandLine;
using GroupComm.Testing.Shrinking;
using GroupComm.Testing.Simulation;

namespace GroupComm.Daemon.Simulate;

/// <summary>
/// The files about a violation: the whole story (<c>.txt</c>), the smallest schedule that shows it (<c>.schedule</c>), that
/// schedule in words (<c>.shrunk.txt</c>) and as a space-time diagram (<c>.svg</c>).
/// </summary>
internal static class Violations
{
    public static void Write(SimulationPlan plan, SimViolation violation, string directory, TextWriter output)
    {
        Directory.CreateDirectory(directory);
        string mutant = plan.Rules.Name == "none" ? "" : $"-{plan.Rules.Name}";
        string stem = Path.GetFullPath(Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"groupcomm-seed-{violation.Seed}{mutant}")));
        using (var file = new StreamWriter(stem + ".txt"))
            Story.Tell(plan, violation.Seed, file);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"the story of seed {violation.Seed} is in {stem}.txt"));
        if (Report.Of(plan, violation.Seed) is { } report)
            Write(report, stem, output);
    }

    /// <summary>Replays a file that <see cref="Write(SimulationPlan, SimViolation, string, TextWriter)"/> made; with a directory, tells and draws it there.</summary>
    public static int Replay(string path, string? directory, TextWriter output)
    {
        Schedule schedule;
        using (var file = new StreamReader(path))
        {
            try
            {
                schedule = Schedule.Read(file);
            }
            catch (Exception e) when (e is FormatException or OverflowException or IndexOutOfRangeException)
            {
                throw new UsageException($"{path} is no schedule: {e.Message}");
            }
        }
        if (Report.Of(schedule) is not { } report)
        {
            output.WriteLine($"{path} violates nothing");
            return Exit.Ok;
        }
        report.WriteText(output);
        if (directory is not null)
        {
            Directory.CreateDirectory(directory);
            Write(report, Path.GetFullPath(Path.Combine(directory, Path.GetFileNameWithoutExtension(path))), output);
        }
        return Exit.Violation;
    }

    private static void Write(Report report, string stem, TextWriter output)
    {
        using (var file = new StreamWriter(stem + ".schedule"))
            report.Schedule.Write(file);
        using (var file = new StreamWriter(stem + ".shrunk.txt"))
            report.WriteText(file);
        File.WriteAllText(stem + ".svg", report.Svg());
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"cut down to {report.Picture.Processes.Count} nodes and {report.Inputs} events: {stem}.shrunk.txt, drawn in {stem}.svg; replay with: groupcomm simulate --schedule {stem}.schedule"));
    }
}
