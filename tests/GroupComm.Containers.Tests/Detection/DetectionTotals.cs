using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using GroupComm.Containers.Tests.Torture;

namespace GroupComm.Containers.Tests.Detection;

internal abstract class Cell
{
    /// <summary>Seconds of measuring, all in all.</summary>
    public double Spent { get; set; }
}

/// <summary>Milliseconds from the last sign of a node to the next view, at each survivor.</summary>
internal sealed class EndCell : Cell
{
    public List<double> Killed { get; set; } = [];
    public List<double> Paused { get; set; } = [];
}

/// <summary>Suspicions while every node runs.</summary>
internal sealed class QuietCell : Cell
{
    public double MemberSeconds { get; set; }
    public long Suspicions { get; set; }
    public long Excluded { get; set; }
}

/// <summary>What was measured so far, kept in a file after each cluster; its text is the two tables of the documentation.</summary>
internal sealed class DetectionTotals
{
    public Dictionary<string, EndCell> EndCells { get; set; } = [];
    public Dictionary<string, QuietCell> QuietCells { get; set; } = [];

    /// <param name="key">The number of nodes.</param>
    public EndCell Ends(string key) => EndCells.TryGetValue(key, out EndCell? cell) ? cell : EndCells[key] = new EndCell();

    /// <param name="key">The suspicion time in milliseconds, and the state.</param>
    public QuietCell Quiet(string key) => QuietCells.TryGetValue(key, out QuietCell? cell) ? cell : QuietCells[key] = new QuietCell();

    public static DetectionTotals Load(string file) =>
        File.Exists(file) ? JsonSerializer.Deserialize<DetectionTotals>(File.ReadAllText(file))! : new DetectionTotals();

    public void Save(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        string fresh = file + ".new";
        File.WriteAllText(fresh, JsonSerializer.Serialize(this));
        File.Move(fresh, file, overwrite: true);
    }

    public override string ToString()
    {
        CultureInfo c = CultureInfo.InvariantCulture;
        var text = new StringBuilder();
        text.AppendLine("| nodes | end | p50 | p99 | longest | values |").AppendLine("|---|---|---|---|---|---|");
        foreach ((string nodes, EndCell cell) in EndCells.OrderBy(each => each.Key, StringComparer.Ordinal))
            foreach ((string end, List<double> times) in new[] { ("SIGKILL", cell.Killed), ("SIGSTOP", cell.Paused) })
                if (times.Count > 0)
                    text.AppendLine(c, $"| {nodes} | {end} | {TortureTotals.Percentile(times, 0.5):0} ms | {TortureTotals.Percentile(times, 0.99):0} ms | {times.Max():0} ms | {times.Count} |");
        text.AppendLine().AppendLine("| suspicion time | state | member-hours | suspicions | an hour | excluded |").AppendLine("|---|---|---|---|---|---|");
        foreach ((string key, QuietCell cell) in QuietCells.Where(each => each.Value.MemberSeconds > 0).OrderBy(each => int.Parse(each.Key.Split(' ')[0], c)))
        {
            double hours = cell.MemberSeconds / 3600;
            string[] parts = key.Split(' ', 2);
            text.AppendLine(c, $"| {parts[0]} ms | {parts[1]} | {hours:0.000} | {cell.Suspicions} | {cell.Suspicions / hours:0} | {cell.Excluded} |");
        }
        return text.ToString();
    }
}
