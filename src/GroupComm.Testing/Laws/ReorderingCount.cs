using System;

namespace GroupComm.Testing.Laws;

/// <summary>
/// How much of the freedom of causal order a run used. For every group and cluster view one member is the reference (the one that
/// delivered most causal messages there). Counted are the pairs of causal messages of one group view at most <c>reach</c> places
/// apart in its sequence which another member delivered in the opposite order. Exact when no sequence is longer than the reach;
/// above that pairs further apart are not looked at, so the count is a lower bound in O(deliveries · reach).
/// </summary>
/// <param name="ConcurrentPairs">Pairs delivered in opposite order of which neither causally precedes the other.</param>
/// <param name="CausalInversions">Pairs delivered in opposite order although one precedes the other: must be 0 (VS-14).</param>
/// <param name="Reach">How far apart the messages of a pair could be.</param>
internal readonly record struct ReorderingCount(long ConcurrentPairs, long CausalInversions, int Reach)
{
    public const int DefaultReach = 64;

    internal static ReorderingCount Of(TraceIndex index, CausalPast past, int reach)
    {
        long concurrent = 0, inversions = 0;
        int[] sequence = [];
        var places = new Table<int>();
        var stays = new Table<int>();
        for (int cell = 0; cell < index.Cells.Count; cell++)
        {
            stays.Clear();
            int reference = -1, most = 0;
            for (int s = index.Cells[cell].LastStay; s >= 0; s = index.Stays[s].PreviousInCell)
            {
                stays.Add(s);
                int count = Causal(index, s, ref sequence);
                (reference, most) = count > most ? (s, count) : (reference, most);
            }
            if (most < 2 || stays.Count < 2)
                continue;
            int length = Causal(index, reference, ref sequence);
            places.Fill(length * stays.Count, -1);
            for (int i = 0; i < length; i++)
                for (int d = index.Messages[sequence[i]].LastDelivery; d >= 0; d = index.Deliveries[d].PreviousOfMessage)
                    for (int k = 0; k < stays.Count; k++)
                        if (stays[k] == index.Deliveries[d].Stay)
                            places[(i * stays.Count) + k] = d;
            CountPairs(index, past, sequence.AsSpan(0, length), places.Rows, stays.Count, reach, ref concurrent, ref inversions);
        }
        return new ReorderingCount(concurrent, inversions, reach);
    }

    private static void CountPairs(TraceIndex index, CausalPast past, ReadOnlySpan<int> sequence, ReadOnlySpan<int> places, int width, int reach, ref long concurrent, ref long inversions)
    {
        for (int i = 0; i < sequence.Length; i++)
        {
            int end = Math.Min(sequence.Length, i + reach + 1);
            for (int j = i + 1; j < end; j++)
            {
                bool inverted = false;
                for (int k = 0; k < width && !inverted; k++)
                {
                    int a = places[(i * width) + k], b = places[(j * width) + k];
                    inverted = a >= 0 && b >= 0 && b < a;
                }
                if (!inverted)
                    continue;
                if (past.Precedes(index, sequence[i], sequence[j]) || past.Precedes(index, sequence[j], sequence[i]))
                    inversions++;
                else
                    concurrent++;
            }
        }
    }

    /// <summary>The causal messages with a send that a stay delivered, in order.</summary>
    private static int Causal(TraceIndex index, int stay, ref int[] sequence)
    {
        int count = 0;
        for (int d = index.Stays[stay].FirstDelivery; d <= index.Stays[stay].LastDelivery; d++)
        {
            ref DeliveryRow row = ref index.Deliveries[d];
            if (row.Stay != stay || row.Order != (byte)DeliveryOrder.Causal || index.Messages[row.Message].Event < 0)
                continue;
            if (count == sequence.Length)
                Array.Resize(ref sequence, Math.Max(64, count * 2));
            sequence[count++] = row.Message;
        }
        return count;
    }
}
