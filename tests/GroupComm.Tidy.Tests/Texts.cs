using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace GroupComm.Tidy.Tests;

/// <summary>Rules about every text file: its length, its line ends, its place, and what it must not name.</summary>
internal static class Texts
{
    public const int MaxLines = 400;

    private static readonly HashSet<string> s_topLevel = new(StringComparer.Ordinal)
    {
        "src", "tests", "interop", "docs", "build.cake", "GroupComm.sln", "README.md", "LICENSE", "global.json",
    };

    // The patterns are put together from pieces, else this file would find itself.
    private static readonly Regex s_machinePath = new(
        @"(?<![\w.\-/])/(" + "work|" + "root|" + "tmp/" + @"wt)(?=/)|(?<![\w.\-/])/(" + "home|" + @"Users)/\w|[A-Za-z]:\\" + @"Users\\");

    private static readonly Regex s_registry = new(
        string.Join('|', new[] { "nuget", "npmjs", "pypi", "crates", "quay" }.Select(host => @"\b" + host + @"\.(org|com|io)\b"))
        + @"|\bmcr\." + @"microsoft\.com|\bghcr\." + @"io\b|\bhub\." + @"docker\.com");

    public static IEnumerable<Finding> Length(string path, string text)
    {
        int lines = text.AsSpan().Count('\n') + (text.EndsWith('\n') ? 0 : 1);
        if (lines > MaxLines)
            yield return new Finding(path, 0, $"{lines} lines: split it by concern, the limit is {MaxLines}");
    }

    public static IEnumerable<Finding> LineEnds(string path, string text)
    {
        int found = text.IndexOf('\r', StringComparison.Ordinal);
        if (found >= 0)
            yield return new Finding(path, SourceText.LineOf(text, found), "a carriage return: lines end with LF alone");
    }

    public static IEnumerable<Finding> Machines(string path, string text)
    {
        foreach (Match match in s_machinePath.Matches(text))
            yield return new Finding(path, SourceText.LineOf(text, match.Index), $"a path of one machine: {match.Value}");
        foreach (Match match in s_registry.Matches(text))
            yield return new Finding(path, SourceText.LineOf(text, match.Index), $"the host of a registry: {match.Value}");
    }

    public static IEnumerable<Finding> TopLevel(IEnumerable<string> names)
    {
        foreach (string name in names)
            if (!name.StartsWith('.') && !s_topLevel.Contains(name) && !Regex.IsMatch(name, @"^Directory\.\w+\.(props|targets)$"))
                yield return new Finding(name, 0, "not one of the agreed names at the top level");
    }

    public static IEnumerable<Finding> Todos(string path, string text)
    {
        foreach (Match match in Regex.Matches(text, @"\bTO" + @"DO\b(?!\s*\(#\d+\))"))
            yield return new Finding(path, SourceText.LineOf(text, match.Index), "a note for later without the number of an issue");
    }
}
