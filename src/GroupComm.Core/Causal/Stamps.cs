using System;
using System.Runtime.CompilerServices;

namespace GroupComm.Core.Causal;

/// <summary>
/// A stamp counts what its sender had passed of each rank's stream. A message is causally ready where all that it counts
/// has been passed; the own entry is the stream prefix itself. Source: docs/protocol/causal.md.
/// </summary>
internal static class Stamps
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Covered(ReadOnlySpan<long> stamp, ReadOnlySpan<long> have, int sender)
    {
        for (int k = 0; k < stamp.Length; k++)
            if (stamp[k] > have[k] && k != sender)
                return false;
        return true;
    }
}
