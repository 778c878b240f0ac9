using System;
using System.Collections.Generic;
using System.Linq;

namespace GroupComm.Daemon.Bench;

/// <summary>Machines are noisy: the middle of the rounds counts.</summary>
internal static class Median
{
    public static double Of<T>(IEnumerable<T> rounds, Func<T, double> value)
    {
        double[] sorted = [.. rounds.Select(value).Order()];
        return sorted.Length == 0 ? 0 : sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
