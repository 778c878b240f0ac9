using System;
using System.Diagnostics;

namespace GroupComm.Runtime.Turn;

/// <summary>The only time the core is told: milliseconds of the monotonic clock.</summary>
internal static class Clock
{
    /// <summary>Milliseconds since some moment.</summary>
    public static long Now => Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1000);

    /// <summary>Nanoseconds since the same moment, for traces.</summary>
    public static long Nanoseconds => (long)(Stopwatch.GetTimestamp() * (1e9 / Stopwatch.Frequency));

    /// <summary>Wall clock in ms: for incarnations and epochs, never for time limits.</summary>
    public static long WallMs => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    /// <summary>Ticks of <see cref="Stopwatch"/> for so many microseconds.</summary>
    public static long Microseconds(long count) => count * (Stopwatch.Frequency / 1_000_000);
}
