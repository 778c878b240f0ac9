using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;

namespace GroupComm.Fuzz.Tests.Guards;

/// <summary><c>guards --folder DIR [--guard NAME,NAME…]</c>: takes each guard out of a copy of the source, alone, runs its tests, and writes down which of them failed; 1 if none did.</summary>
internal static partial class GuardsCommand
{
    private const int AtOnce = 4;
    private const int MostShown = 4;

    public static int Run(string[] args)
    {
        string? folder = After(args, "--folder"), only = After(args, "--guard");
        if (folder is null)
            throw new ArgumentException("guards --folder DIR [--guard NAME,NAME…]");
        IReadOnlyList<Guard> guards = [.. Guard.All().Where(guard => only is null || only.Split(',').Contains(guard.Name))];
        GuardedCopy copy = new(Path.GetFullPath(folder));
        Console.WriteLine($"copies and builds, for {guards.Count} guards");
        copy.Make(Guard.All());
        Dictionary<string, string> rows = Rows();
        bool all = true;
        // Most of the time a test without its guard waits for what does not come.
        Parallel.ForEach(guards, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, guard =>
        {
            (int with, string passed) = copy.Test(guard, without: false);
            (int without, string output) = copy.Test(guard, without: true);
            bool good = with == 0 && Totals().IsMatch(passed) && without != 0 && Started().IsMatch(output);
            string text = good ? Text([.. Failed(output)], without) : with != 0 ? $"**its tests fail with it, too: {string.Join(", ", Failed(passed).Take(MostShown))}**" : "**none**";
            lock (rows)
            {
                all &= good;
                Console.WriteLine($"{guard.Name}: {text}");
                rows[guard.Name] = Row(guard, text);
                File.WriteAllText(Guard.Record, Page([.. Guard.All().Where(each => rows.ContainsKey(each.Name)).Select(each => rows[each.Name])]));
            }
        });
        return all ? 0 : 1;
    }

    private static IEnumerable<string> Failed(string output) => Fails().Matches(output).Select(each => each.Groups[1].Value).Distinct();

    /// <summary>What the page has of earlier runs.</summary>
    private static Dictionary<string, string> Rows() => !File.Exists(Guard.Record) ? []
        : Guard.All().Select(guard => (guard.Name, Row: File.ReadLines(Guard.Record).FirstOrDefault(line => line.Contains($"| {guard.Name}: ", StringComparison.Ordinal))))
            .Where(each => each.Row is not null).ToDictionary(each => each.Name, each => each.Row!);

    private static string Row(Guard guard, string failed) =>
        $"| {guard.Law} | {guard.Name}: {guard.What} | {string.Join(", ", guard.Places.Select(place => Path.GetFileName(place.File)).Distinct())} | {string.Join("; ", guard.Places.Select(place => place.Shown))} | {failed} |";

    private static string Text(string[] failed, int code)
    {
        List<string> parts = [.. failed.Take(MostShown).Select(each => $"`{each.Replace("|", "\\|", StringComparison.Ordinal)}`")];
        if (failed.Length > MostShown)
            parts.Add($"and {failed.Length - MostShown} more");
        if (code is -1)
            parts.Add("the tests do not end (3 minutes)");
        else if (code is not (0 or 1 or 2))
            parts.Add($"the test process dies ({code})");
        return string.Join(", ", parts);
    }

    private static string Page(IReadOnlyList<string> rows) => string.Create(CultureInfo.InvariantCulture, $$"""
        # Guards, each taken out once

        `dotnet cake --target=Guards` writes this page: it copies the source, takes out one guard at a time, alone, and runs its tests with it and without. {{rows.Count(row => !row.Contains("**", StringComparison.Ordinal))}} of
        {{rows.Count}} guards have tests that pass with them and of which some fail without; at most {{MostShown}} are named. Last run: {{DateTime.UtcNow:yyyy-MM-dd}}. `{off}` is true while the guard is out. The list is
        `tests/GroupComm.Fuzz.Tests/Guards/guards.json`; every run of the tests checks that each of its places is still in the source. What the rows are against: [attack, guard, test](SECURITY.md#attack-guard-test).

        | row | guard | file | what was changed | test that failed |
        |---|---|---|---|---|
        {{string.Join('\n', rows)}}

        """);

    private static string? After(string[] args, string option) => Array.IndexOf(args, option) is >= 0 and int at && at + 1 < args.Length ? args[at + 1] : null;

    [GeneratedRegex(@"GroupComm\.\w+\.Tests\.([\w.]+(?:\([^\n]*\))?) \[FAIL\]")]
    private static partial Regex Fails();

    [GeneratedRegex(@"Total: [1-9]")]
    private static partial Regex Totals();

    [GeneratedRegex(@"Starting:|\[FAIL\]|Total: [1-9]")]
    private static partial Regex Started();
}
