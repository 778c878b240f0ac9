using System;
using System.Globalization;

namespace GroupComm.Daemon.CommandLine;

/// <summary>Reads <c>A..B</c> or a single number.</summary>
internal static class Ranges
{
    public static (ulong First, ulong Last) Parse(string text, string option)
    {
        int dots = text.IndexOf("..", StringComparison.Ordinal);
        string first = dots < 0 ? text : text[..dots], last = dots < 0 ? text : text[(dots + 2)..];
        if (!ulong.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out ulong a)
            || !ulong.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out ulong b)
            || b > long.MaxValue)
            throw new UsageException($"{option} '{text}' is no range: write FIRST..LAST, for example 1..1000");
        if (a > b)
            throw new UsageException($"{option} '{text}' runs backwards: write {b}..{a}");
        return (a, b);
    }

    public static (int Min, int Max) ParseNodes(string text)
    {
        (ulong min, ulong max) = Parse(text, "--nodes");
        if (min < 2 || max > 9)
            throw new UsageException($"--nodes '{text}' is out of range: 2 to 9");
        return ((int)min, (int)max);
    }
}
