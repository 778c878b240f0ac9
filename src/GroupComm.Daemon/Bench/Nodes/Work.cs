using System;
using System.Diagnostics;
using System.IO.Hashing;

namespace GroupComm.Daemon.Bench.Nodes;

/// <summary>A handler's work: a fixed amount of computing, not of time, so that whoever loses the processor in between still owes it.</summary>
internal static class Work
{
    private const int Trials = 50, Rounds = 500;

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
        for (int i = 0; i < Trials; i++)
        {
            long began = Stopwatch.GetTimestamp();
            _ = Do(Rounds);
            best = Math.Min(best, Stopwatch.GetElapsedTime(began).TotalMicroseconds);
        }
        return Math.Max(1, (int)(time.TotalMicroseconds / best * Rounds));
    }
}
