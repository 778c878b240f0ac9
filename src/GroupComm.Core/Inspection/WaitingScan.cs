using System;
using System.Collections.Generic;
using GroupComm.Core.Causal;
using GroupComm.Core.Messages;
using GroupComm.Core.Streams;
using GroupComm.Core.Total;

namespace GroupComm.Core.Inspection;

/// <summary>
/// Names, for what is here and not delivered, the one rule that holds it: the same tests as on the data path
/// (NodeCore.Data), asked without moving a cursor. Only the head of a stream waits for others; the rest waits for its head.
/// </summary>
internal static class WaitingScan
{
    // Per stream: people read the first few, and a scan must not hold up a turn.
    private const int MostPerStream = 16;

    public static (List<WaitingMessage> First, long Count) Of(ViewState view)
    {
        List<WaitingMessage> waiting = [];
        long count = 0;
        for (int rank = 0; rank < view.Size; rank++)
        {
            InStream stream = view.Streams[rank];
            count += Math.Max(0, stream.Received - stream.Passed.Done);
            Cursor at = stream.Passed;
            for (int i = 0; i < MostPerStream && stream.TryAt(ref at, out Bundle bundle); i++)
            {
                ref readonly Segment segment = ref bundle[at.Segment];
                waiting.Add(Describe(view, rank, stream, bundle, segment, at.Next, head: i == 0));
                at.Next = segment.Last + 1;
            }
        }
        return (waiting, count);
    }

    private static WaitingMessage Describe(ViewState view, int rank, InStream stream, Bundle bundle, in Segment segment, long first, bool head)
    {
        (WaitReason reason, ulong on, long until) =
            view.Change.Wedged ? (WaitReason.ViewChange, 0UL, 0L)
            : !head ? (WaitReason.Stream, Bit(rank), first - 1)
            : Reason(view, rank, stream, bundle, segment, first);
        return new WaitingMessage(rank, first, (int)(segment.Last - first + 1), segment.Kind, segment.Order, segment.Group, reason, on, until);
    }

    private static (WaitReason Reason, ulong On, long Until) Reason(
        ViewState view, int rank, InStream stream, Bundle bundle, in Segment segment, long first)
    {
        bool held = first <= view.Held[rank];
        if (segment.NeedsStamp && !Stamps.Covered(bundle.Stamp, held ? view.Passed : view.Held, rank))
            return Predecessor(bundle.Stamp, held ? view.Passed : view.Held, rank);
        if (!held && stream.Received < segment.Last + segment.FragmentsLeft)
            return (WaitReason.Fragments, Bit(rank), segment.Last + segment.FragmentsLeft);
        if (!segment.IsOrdered)
            return (WaitReason.Stream, Bit(rank), first - 1);
        long number = view.Orders.Delivered + 1;
        if (!view.Orders.TryNext(out OrderRun run) || view.Orders.UpTo[rank] < first)
            return (WaitReason.Order, Bit(0), 0);
        if (run.Rank != rank || run.UpTo < first)
            return (WaitReason.Order, Bit(run.Rank), number);
        return (WaitReason.Stability, Without(view, number), number);
    }

    private static (WaitReason Reason, ulong On, long Until) Predecessor(ReadOnlySpan<long> stamp, long[] have, int sender)
    {
        for (int rank = 0; rank < stamp.Length; rank++)
            if (stamp[rank] > have[rank] && rank != sender)
                return (WaitReason.Causal, Bit(rank), stamp[rank]);
        return (WaitReason.Stream, Bit(sender), 0);
    }

    /// <summary>The members that are not known to hold that number.</summary>
    private static ulong Without(ViewState view, long number)
    {
        ulong without = 0;
        for (int rank = 0; rank < view.Size; rank++)
            if (view.Acks.OrderedBy(rank) < number)
                without |= Bit(rank);
        return without;
    }

    private static ulong Bit(int rank) => 1UL << rank;
}
