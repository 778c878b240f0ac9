using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Hashing;
using System.Linq;
using System.Text;
using System.Text.Json;

namespace GroupComm.Fuzz.Tests.Loop;

/// <summary>What the searches of one decoder have done so far.</summary>
/// <param name="Executions">Inputs tried.</param>
/// <param name="Guided">Of them, on instrumented code.</param>
/// <param name="Accepted">Of them, read and not refused.</param>
/// <param name="Seconds">How long that took.</param>
/// <param name="Edges">Branches that the inputs kept run.</param>
/// <param name="SlowestMs">The longest that an input took, at its best of five.</param>
/// <param name="LargestPart">The largest part of its bound of memory that an input took.</param>
internal sealed record SearchTotals(long Executions, long Guided, long Accepted, double Seconds, int Edges, double SlowestMs, double LargestPart);

/// <summary>Where a search keeps what it found, so that the next one goes on: inputs in <c>queue</c>, findings, totals.</summary>
internal sealed class SearchFolder
{
    public SearchFolder(string root, string decoder)
    {
        Path = System.IO.Path.Combine(root, decoder);
        Directory.CreateDirectory(Queue);
        Directory.CreateDirectory(FindingsPath);
    }

    public string Path { get; }

    public string Mailbox => System.IO.Path.Combine(Path, "current");

    public string FindingsPath => System.IO.Path.Combine(Path, "findings");

    /// <summary>Different findings so far.</summary>
    public int Findings => Directory.GetFiles(FindingsPath, "*.txt").Length;

    public SearchTotals Totals
    {
        get => File.Exists(TotalsPath) ? JsonSerializer.Deserialize<SearchTotals>(File.ReadAllText(TotalsPath))! : new SearchTotals(0, 0, 0, 0, 0, 0, 0);
        set
        {
            File.WriteAllText(TotalsPath + ".new", JsonSerializer.Serialize(value));
            File.Move(TotalsPath + ".new", TotalsPath, overwrite: true);
        }
    }

    private string Queue => System.IO.Path.Combine(Path, "queue");

    private string TotalsPath => System.IO.Path.Combine(Path, "totals.json");

    public IReadOnlyList<byte[]> Inputs() => [.. Directory.GetFiles(Queue).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    public void Keep(ReadOnlySpan<byte> input) => File.WriteAllBytes(System.IO.Path.Combine(Queue, Name(input)), input);

    /// <returns>False: one like it is known.</returns>
    public bool Save(Finding finding, ReadOnlySpan<byte> input)
    {
        string name = System.IO.Path.Combine(FindingsPath, $"{finding.Kind}-{Name(Encoding.UTF8.GetBytes(finding.Kind is "death" or "hang" ? Convert.ToHexString(input) : finding.Text.Split('\n')[0]))}");
        if (File.Exists(name + ".txt"))
            return false;
        File.WriteAllBytes(name + ".bin", input);
        File.WriteAllText(name + ".txt", $"{finding.Text}\n{Convert.ToHexStringLower(input)}\n");
        return true;
    }

    private static string Name(ReadOnlySpan<byte> bytes) => XxHash64.HashToUInt64(bytes).ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
}
