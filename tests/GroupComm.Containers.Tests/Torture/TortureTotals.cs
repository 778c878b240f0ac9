using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;

namespace GroupComm.Containers.Tests.Torture;

/// <summary>What a run has done so far, kept in a file after each slice.</summary>
internal sealed class TortureTotals
{
    public int Slices { get; set; }
    public double Seconds { get; set; }
    public SortedDictionary<string, int> Faults { get; set; } = [];
    public long Views { get; set; }
    public long Messages { get; set; }
    public long Deliveries { get; set; }
    public long Violations { get; set; }
    public double SilentSeconds { get; set; }

    /// <summary>Milliseconds from the last sign of a node that was killed to the first survivor's next view.</summary>
    public List<double> KillToView { get; set; } = [];

    public static TortureTotals Load(string file) =>
        File.Exists(file) ? JsonSerializer.Deserialize<TortureTotals>(File.ReadAllText(file))! : new TortureTotals();

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
        text.AppendLine(c, $"{Slices} slices, {Seconds:0} s under fault; faults: {Faults.Values.Sum()} ({string.Join(", ", Faults.Select(each => $"{each.Key} {each.Value}"))})");
        text.AppendLine(c, $"{Views:N0} views installed, {Messages:N0} messages, {Deliveries:N0} deliveries, {Violations} violations");
        text.AppendLine(c, $"from the last sign of a killed node to the next view: p50 {Percentile(KillToView, 0.5):0} ms, p99 {Percentile(KillToView, 0.99):0} ms ({KillToView.Count} cases)");
        text.Append(c, $"time in which no node delivered anything (gaps over 100 ms): {SilentSeconds:0.0} s");
        return text.ToString();
    }

    public static double Percentile(IEnumerable<double> values, double part)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)Math.Ceiling(part * sorted.Length) - 1)];
    }
}
