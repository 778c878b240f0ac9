using System;
using System.Collections.Generic;
using GroupComm.Core.Messages;
using GroupComm.Core.Streams;
using GroupComm.Core.Total;

namespace GroupComm.Core.Flush;

/// <summary>
/// P5, P6: the delivery cut and the final agreed sequence of a view, from what the answers hold. Pure: the coordinator
/// has every body up to the given cut in its streams. Source: docs/protocol/view-change.md.
/// </summary>
internal static class CutBuilder
{
    /// <summary>P6: shortens the cut until every stamp in it is covered and no large message is cut through.</summary>
    public static void Close(long[] cut, InStream[] streams, bool keepFragmentTail)
    {
        bool changed;
        do
        {
            changed = false;
            for (int r = 0; r < streams.Length; r++)
            {
                long at = FirstUncovered(streams[r].Log, r, cut) - 1;
                if (at < cut[r])
                    (cut[r], changed) = (at, true);
                if (keepFragmentTail)
                    continue;
                long whole = WithoutOpenFragments(streams[r].Log, cut[r]);
                if (whole < cut[r])
                    (cut[r], changed) = (whole, true);
            }
        }
        while (changed);
    }

    private static long FirstUncovered(BundleLog log, int rank, long[] cut)
    {
        for (long i = log.FirstIndex; i < log.EndIndex && log[i].First <= cut[rank]; i++)
        {
            Bundle bundle = log[i];
            if (Causal.Stamps.Covered(bundle.Stamp, cut, rank))
                continue;
            foreach (ref readonly Segment segment in bundle.Segments)
                if (segment.NeedsStamp)
                    return segment.First;
        }
        return long.MaxValue;
    }

    private static long WithoutOpenFragments(BundleLog log, long cut)
    {
        long i = log.IndexOf(cut);
        if (i >= log.EndIndex || log[i].First > cut)
            return cut;
        foreach (ref readonly Segment segment in log[i].Segments)
            if (segment.Last >= cut)
                return segment.First <= cut && segment.FragmentsLeft > 0 ? FirstFragment(log, i, segment.First, segment.FragmentsLeft) - 1 : cut;
        return cut;
    }

    private static long FirstFragment(BundleLog log, long index, long sequence, int left)
    {
        long first = sequence;
        for (long s = sequence - 1; s >= 1; s--)
        {
            while (index > log.FirstIndex && log[index].First > s)
                index--;
            if (log[index].First > s)
                return first;
            Segment? at = null;
            foreach (ref readonly Segment segment in log[index].Segments)
                if (segment.First <= s && segment.Last >= s)
                    at = segment;
            if (at is not { } previous || previous.FragmentsLeft != left + (int)(sequence - s))
                return first;
            first = s;
        }
        return first;
    }

    /// <summary>
    /// P5: the runs after <paramref name="sequenceBase"/>: the longest log without what is outside the cut, then
    /// repeatedly the lowest (rank, sequence) whose predecessors are all listed or not agreed, agreed messages before safe ones.
    /// </summary>
    /// <remarks><paramref name="own"/> is the coordinator's log, which reaches back to the base; <paramref name="longest"/> is the longest
    /// log of an answer, after the base; <paramref name="keepHoles"/> is a mutant that keeps numbers without a body.</remarks>
    public static OrderRun[] Sequence(OrderLog own, long sequenceBase, ReadOnlySpan<OrderRun> longest, long[] cut, InStream[] streams, bool keepHoles)
    {
        long[] listed = UpToAt(own, sequenceBase);
        var runs = new List<OrderRun>();
        long at = sequenceBase;
        foreach (OrderRun run in longest)
        {
            long start = at;
            at += run.Count;
            if (run.UpTo <= cut[run.Rank] || keepHoles)
            {
                runs.Add(run);
                listed[run.Rank] = run.UpTo;
                continue;
            }
            // What the coordinator delivered of the run may be stable and dropped already: its number is known all the same.
            int taken = start == own.NextStart ? own.TakenOfNext : 0;
            long after = taken > 0 ? streams[run.Rank].Passed.Done : listed[run.Rank];
            (long upTo, int count) = Ordered(streams[run.Rank].Log, after, cut[run.Rank]);
            if (taken + count > 0)
                runs.Add(new OrderRun(run.Rank, upTo, taken + count));
            listed[run.Rank] = cut[run.Rank];
        }

        var tails = new Tail[streams.Length];
        for (int r = 0; r < tails.Length; r++)
            tails[r] = new Tail(streams[r].Log, listed[r], cut[r]);
        // Agreed ones first: a sequencer that died alone may have delivered them, and none behind a safe one of which no survivor
        // knows the number (docs/decisions/0035).
        for (bool any = true; any;)
            any = TakeLowest(tails, safe: false, runs) || TakeLowest(tails, safe: true, runs);
        foreach (Tail tail in tails)
            Invariant.Holds(tail.IsDone, "VS-15", "an agreed message of the cut has no place in the decided sequence");
        return runs.ToArray();
    }

    private static bool TakeLowest(Tail[] tails, bool safe, List<OrderRun> runs)
    {
        for (int r = 0; r < tails.Length; r++)
            if (tails[r].IsSafe == safe && tails[r].TryTake(tails, r, out OrderRun run))
            {
                runs.Add(run);
                return true;
            }
        return false;
    }

    private static long[] UpToAt(OrderLog own, long sequenceBase)
    {
        long[] upTo = (long[])own.UpToAtBase.Clone();
        long at = own.Base;
        for (int i = 0; at < sequenceBase; i++)
        {
            upTo[own.Runs[i].Rank] = own.Runs[i].UpTo;
            at += own.Runs[i].Count;
        }
        return upTo;
    }

    /// <summary>The ordered sequences after <paramref name="after"/> up to <paramref name="upTo"/>: the last one, and how many.</summary>
    private static (long Last, int Count) Ordered(BundleLog log, long after, long upTo)
    {
        long last = after;
        int count = 0;
        for (long i = log.IndexOf(after + 1); i < log.EndIndex && log[i].First <= upTo; i++)
            foreach (ref readonly Segment segment in log[i].Segments)
            {
                long from = Math.Max(segment.First, after + 1), to = Math.Min(segment.Last, upTo);
                if (!segment.IsOrdered || from > to)
                    continue;
                last = to;
                count += (int)(to - from + 1);
            }
        return (last, count);
    }

    /// <summary>The unlisted ordered messages at the end of one stream.</summary>
    private sealed class Tail
    {
        private readonly BundleLog _log;
        private readonly long _cut;
        private long _bundle;
        private int _segment;

        public Tail(BundleLog log, long listed, long cut)
        {
            (_log, _cut) = (log, cut);
            _bundle = log.IndexOf(listed + 1);
            Next = listed + 1;
            Skip();
        }

        /// <summary>The next unlisted ordered sequence; everything ordered before it is listed.</summary>
        public long Next { get; private set; }

        public bool IsDone => Next > _cut;

        public bool IsSafe => !IsDone && _log[_bundle][_segment].Order == DeliveryOrder.Safe;

        public bool TryTake(Tail[] all, int rank, out OrderRun run)
        {
            run = default;
            if (IsDone)
                return false;
            Bundle bundle = _log[_bundle];
            for (int k = 0; k < all.Length; k++)
                if (k != rank && bundle.Stamp[k] >= all[k].Next)
                    return false;
            long last = Math.Min(bundle[_segment].Last, _cut);
            run = new OrderRun(rank, last, (int)(last - Next + 1));
            Next = last + 1;
            Skip();
            return true;
        }

        private void Skip()
        {
            for (; _bundle < _log.EndIndex; _bundle++, _segment = 0)
            {
                Bundle bundle = _log[_bundle];
                for (; _segment < bundle.SegmentCount; _segment++)
                {
                    ref readonly Segment segment = ref bundle[_segment];
                    if (segment.Last < Next || !segment.IsOrdered)
                        continue;
                    Next = Math.Max(Next, segment.First);
                    return;
                }
            }
            Next = long.MaxValue;
        }
    }
}
