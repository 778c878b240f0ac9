using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Linq;

namespace GroupComm.Hosting.Configuration;

/// <summary>From the texts of a configuration to values, the same on every machine.</summary>
internal static class TextValue
{
    private static readonly (string Unit, double Milliseconds)[] Units = [("ms", 1), ("s", 1000), ("min", 60_000), ("m", 60_000), ("h", 3_600_000)];

    public static bool IsKnown(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type.IsEnum || type == typeof(string) || type == typeof(bool) || type == typeof(int) || type == typeof(long) || type == typeof(double) || type == typeof(TimeSpan);
    }

    /// <param name="type">One of the known ones.</param>
    /// <param name="text">As it stands in the configuration.</param>
    /// <param name="value">Of that type.</param>
    /// <param name="expected">What should stand there, for people.</param>
    public static bool TryParse(Type type, string text, [NotNullWhen(true)] out object? value, out string expected)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        CultureInfo culture = CultureInfo.InvariantCulture;
        (value, expected) = type switch
        {
            { IsEnum: true } => (Enum.TryParse(type, text, ignoreCase: true, out object? name) && Enum.IsDefined(type, name) ? name : null, $"one of {string.Join(", ", Enum.GetNames(type))}"),
            _ when type == typeof(string) => (text, "a text"),
            _ when type == typeof(bool) => (bool.TryParse(text, out bool yes) ? yes : (object?)null, "true or false"),
            _ when type == typeof(int) => (int.TryParse(text, NumberStyles.AllowLeadingSign, culture, out int number) ? number : (object?)null, "a whole number, for example 3"),
            _ when type == typeof(long) => (long.TryParse(text, NumberStyles.AllowLeadingSign, culture, out long number) ? number : (object?)null, "a whole number, for example 3"),
            _ when type == typeof(double) => (double.TryParse(text, NumberStyles.Float, culture, out double number) ? number : (object?)null, "a number, for example 0.5"),
            _ when type == typeof(TimeSpan) => (Time(text), "a time with its unit, for example 100ms, 5s, 1min, or 00:00:05"),
            _ => throw new ArgumentException($"{type} is not read from text", nameof(type)),
        };
        return value is not null;
    }

    // A bare number would be read as days, which nobody means.
    private static object? Time(string text)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        if (text.Contains(':', StringComparison.Ordinal))
            return TimeSpan.TryParse(text, culture, out TimeSpan time) ? time : null;
        (string unit, double milliseconds) = Units.FirstOrDefault(each => text.EndsWith(each.Unit, StringComparison.OrdinalIgnoreCase));
        return unit is not null && double.TryParse(text[..^unit.Length].TrimEnd(), NumberStyles.AllowDecimalPoint, culture, out double count) && count * milliseconds < TimeSpan.MaxValue.TotalMilliseconds / 2
            ? TimeSpan.FromMilliseconds(count * milliseconds)
            : null;
    }
}
