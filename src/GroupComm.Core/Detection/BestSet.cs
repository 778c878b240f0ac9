using System;
using System.Numerics;

namespace GroupComm.Core.Detection;

/// <summary>
/// The largest set of members that all hear each other and are a quorum; among equals the one with the lowest ranks.
/// Source: docs/protocol/detection.md. Members are bits.
/// </summary>
internal static class BestSet
{
    /// <param name="rows">Per rank: whom it hears.</param>
    /// <param name="candidates">Members that may be in the set.</param>
    /// <param name="isQuorum">The primary rule.</param>
    /// <returns>The set, or 0 when there is none.</returns>
    public static ulong Find(ReadOnlySpan<ulong> rows, ulong candidates, Func<ulong, bool> isQuorum)
    {
        Span<ulong> mutual = stackalloc ulong[rows.Length];
        bool all = true;
        for (int i = 0; i < rows.Length; i++)
        {
            if ((candidates >> i & 1) == 0)
                continue;
            ulong row = 1UL << i;
            for (int j = 0; j < rows.Length; j++)
                if (j != i && (candidates >> j & 1) != 0 && (rows[i] >> j & 1) != 0 && (rows[j] >> i & 1) != 0)
                    row |= 1UL << j;
            mutual[i] = row;
            all &= row == candidates;
        }
        if (all)
            return isQuorum(candidates) ? candidates : 0;
        ulong best = 0;
        Search(mutual, 0, candidates, ref best, isQuorum);
        return best;
    }

    private static void Search(ReadOnlySpan<ulong> mutual, ulong chosen, ulong open, ref ulong best, Func<ulong, bool> isQuorum)
    {
        if (BitOperations.PopCount(chosen | open) < BitOperations.PopCount(best))
            return;
        if (open == 0)
        {
            if (Better(chosen, best) && isQuorum(chosen))
                best = chosen;
            return;
        }
        int rank = BitOperations.TrailingZeroCount(open);
        ulong bit = 1UL << rank;
        Search(mutual, chosen | bit, open & mutual[rank] & ~bit, ref best, isQuorum);
        Search(mutual, chosen, open & ~bit, ref best, isQuorum);
    }

    private static bool Better(ulong left, ulong right)
    {
        int more = BitOperations.PopCount(left) - BitOperations.PopCount(right);
        if (more != 0)
            return more > 0;
        ulong difference = left ^ right;
        return (left & difference & (ulong)-(long)difference) != 0;
    }
}
