using System;
using System.Diagnostics;
using System.IO.Hashing;

namespace GroupComm.Daemon.Bench.Nodes;

/// <summary>A handler's work: a fixed amount of computing, not of time, so that whoever loses the processor in between still owes it.</summary>
internal static class Work
{
    private const int Rounds = 500;

    // The compiler makes the loop several times as fast once it has seen it for long enough.
    private static readonly TimeSpan s_trials = TimeSpan.FromSeconds(1);

    private static readonly byte[] Block = new byte[256];

    /// <summary>So many rounds of a hash; the result is 0, but no compiler knows that.</summary>
    public static ulong Do(int rounds)
    {
        ulong hash = 0;
        for (int i = 0; i < rounds; i++)
            hash = XxHash3.HashToUInt64(Block, unchecked((long)hash));
        return hash == ulong.MaxValue ? 1UL : 0;
    }

    /// <summary>How many rounds take that long on this machine: by the fastest of some trials, which others disturbed least.</summary>
    public static int RoundsOf(TimeSpan time)
    {
        double best = double.MaxValue;
        for (long first = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(first) < s_trials;)
        {
            long began = Stopwatch.GetTimestamp();
            _ = Do(Rounds);
            best = Math.Min(best, Stopwatch.GetElapsedTime(began).TotalMicroseconds);
        }
        return Math.Max(1, (int)(time.TotalMicroseconds / best * Rounds));
    }
}
