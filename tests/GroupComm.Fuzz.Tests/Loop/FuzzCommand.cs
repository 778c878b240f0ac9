using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using GroupComm.Fuzz.Tests.Decoders;

namespace GroupComm.Fuzz.Tests.Loop;

/// <summary><c>fuzz --folder DIR [--minutes M] [--decoder NAME] [--jobs N] [--goal N] [--keep]</c>: searches, the decoders in turn, first those that have not had N inputs; goes on where the last search stopped, and prints what was done in all.</summary>
internal static class FuzzCommand
{
    private const int MostKept = 150;
    private const int LongestKept = 600;

    /// <summary>Minutes that a decoder is searched before it is another's turn.</summary>
    private const double LongestTurn = 2;

    public static int Run(string[] args)
    {
        Dictionary<string, string> given = Read(args);
        string root = Path.GetFullPath(given["folder"]);
        if (given.TryGetValue("child", out string? child))
            return Child(given.ContainsKey("guided") ? new Coverage() : null, child, root, TimeSpan.FromSeconds(int.Parse(given["seconds"], CultureInfo.InvariantCulture)), given.ContainsKey("keep"));

        IReadOnlyList<Decoder> decoders = given.TryGetValue("decoder", out string? name) && name.Length > 0 ? [Decoder.Named(name)] : Decoder.All();
        double minutes = double.Parse(given.GetValueOrDefault("minutes", "10"), CultureInfo.InvariantCulture);
        int jobs = int.Parse(given.GetValueOrDefault("jobs", "1"), CultureInfo.InvariantCulture);
        long goal = long.Parse(given.GetValueOrDefault("goal", "100000000"), CultureInfo.InvariantCulture);
        Watch watch = new(Programs.Make(root), root);
        Turns turns = new(decoders, decoder => new SearchFolder(root, decoder.Name).Totals.Executions >= goal);
        var clock = Stopwatch.StartNew();
        TimeSpan time = TimeSpan.FromMinutes(minutes), turn = TimeSpan.FromMinutes(Math.Min(minutes * jobs / decoders.Count, LongestTurn));
        Parallel.For(0, jobs, new ParallelOptions { MaxDegreeOfParallelism = jobs }, _ =>
        {
            while (clock.Elapsed < time && turns.Take() is { } decoder)
            {
                watch.Run(decoder, turn);
                turns.Return(decoder);
            }
        });
        if (given.ContainsKey("keep"))
            foreach (Decoder decoder in decoders)
                watch.Keep(decoder);
        Print(decoders, root);
        return decoders.All(decoder => new SearchFolder(root, decoder.Name).Findings == 0) ? 0 : 1;
    }

    private static int Child(Coverage? coverage, string name, string root, TimeSpan time, bool keep)
    {
        Decoder decoder = Decoder.Named(name);
        using Search search = new(decoder, new SearchFolder(root, name), coverage);
        if (keep)
            CorpusFile.Write(CorpusFile.Kept(decoder.Name), search.Smallest(MostKept, LongestKept));
        else
            search.Run(time);
        return 0;
    }

    private static void Print(IReadOnlyList<Decoder> decoders, string root)
    {
        Console.WriteLine("| decoder | inputs tried | guided | a second | read | branches | kept | slowest | of its memory bound | findings |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
        foreach (Decoder decoder in decoders)
        {
            SearchFolder folder = new(root, decoder.Name);
            SearchTotals totals = folder.Totals;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {decoder.Name} | {totals.Executions:N0} | {totals.Guided:N0} | {totals.Executions / Math.Max(totals.Seconds, 1):N0} | {100.0 * totals.Accepted / Math.Max(totals.Executions, 1):0.0} % | {totals.Edges} | {folder.Inputs().Count} | {totals.SlowestMs:0.0} ms | {100 * totals.LargestPart:0} % | {folder.Findings} |"));
        }
    }

    private static Dictionary<string, string> Read(string[] args)
    {
        Dictionary<string, string> given = [];
        for (int i = 0; i < args.Length; i++)
            given[args[i].TrimStart('-')] = i + 1 < args.Length && !args[i + 1].StartsWith("--", StringComparison.Ordinal) ? args[++i] : "";
        return given.ContainsKey("folder") ? given : throw new ArgumentException("fuzz --folder DIR [--minutes M] [--decoder NAME] [--jobs N] [--goal N] [--keep]");
    }
}
