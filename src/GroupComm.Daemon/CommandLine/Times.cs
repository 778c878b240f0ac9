using System;
using System.Globalization;

namespace GroupComm.Daemon.CommandLine;

/// <summary>Reads a time as users write it: a number and <c>ms</c>, <c>s</c>, <c>min</c>, <c>h</c> or <c>d</c>.</summary>
internal static class Times
{
    private static readonly (string Unit, double Seconds)[] s_units = [("ms", 0.001), ("min", 60), ("s", 1), ("h", 3600), ("d", 86_400)];

    /// <summary>More than 0, up to a year.</summary>
    public static TimeSpan Parse(string text, string option)
    {
        foreach ((string unit, double seconds) in s_units)
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && double.TryParse(text.AsSpan(0, text.Length - unit.Length).TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
                && value * seconds is > 0 and <= 366 * 86_400)
                return TimeSpan.FromSeconds(value * seconds);
        throw new UsageException($"{option} '{text}' is no time: write a number with ms, s, min, h or d, for example 5min");
    }
}
