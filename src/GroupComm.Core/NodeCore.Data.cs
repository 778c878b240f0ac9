using System;
using System.Collections.Generic;
using GroupComm.Core.Causal;
using GroupComm.Core.Membership;
using GroupComm.Core.Messages;
using GroupComm.Core.Stability;
using GroupComm.Core.Streams;

namespace GroupComm.Core;

// The data path: streams in, holds and deliveries forward, own bundle, orders and acknowledgement out.
internal sealed partial class NodeCore
{
    /// <summary>Ends a turn: takes what was submitted, advances holds and deliveries, and emits own bundle, orders and acknowledgement.</summary>
    public void EndTurn(long now, EffectList effects)
    {
        _now = now;
        ReleaseDropped();
        if (_finished || _departed is not null || _view is not { Key.IsBootstrap: false } view)
            return;
        EmitDirect(view, effects);
        if (view.Change.Wedged)
        {
            if (_rules.SendAfterWedge)
                TakeSubmits(view, effects);
            if (_rules.AckAfterWedge)
                AckAgain(view, effects);
            return;
        }
        if (!_dirty && !_gate.HasFilled && !OnlyAcknowledged(view, effects))
            return;
        (_dirty, _acknowledged) = (false, false);
        TrimStable(view);
        TakeSubmits(view, effects);
        EmitDueControl(view, effects);
        EmitReads(view, effects);
        bool progress;
        do
        {
            progress = AdvanceHeld(view);
            FlushRuns(view);
            view.Orders.Acknowledge(view.Held);
            view.Acks.Set(view.OwnRank, view.Orders.Acknowledged, view.Held, ConsumedVector(view), PriorConsumed);
            view.SafeNumber = view.Acks.SafeNumber();
            progress |= AdvancePassed(view, effects);
        }
        while (progress && !view.Change.Wedged);
        AdvanceReads(view, effects);
        EmitOrders(view, effects);
        EmitAck(view, effects);
        EmitReceipts(view, effects);
        AskForGaps(view, effects);
    }

    /// <summary>A turn that brought nothing but acknowledgements has receipts and credits to give, and a full turn only when safe
    /// messages may go on.</summary>
    private bool OnlyAcknowledged(ViewState view, EffectList effects)
    {
        if (!_acknowledged)
            return false;
        if (view.SafeOpen > 0 && view.Acks.SafeNumber() > view.SafeNumber)
            return true;
        _acknowledged = false;
        EmitReceipts(view, effects);
        AdvanceReads(view, effects);
        return false;
    }

    private void OnBundle(ViewState view, int rank, Bundle bundle, EffectList effects)
    {
        InStream stream = view.Streams[rank];
        if (bundle.Sender != rank || (view.Change.Wedged && !_rules.AckAfterWedge))
        {
            bundle.Release();
            return;
        }
        _dirty = true;
        if (stream.TryAppend(bundle))
        {
            view.Ack.HeldBytes += bundle.BodyLength;
            return;
        }
        if (bundle.First > stream.Received + 1)
        {
            if (_rules.GapAfterReconnect)
                stream.AppendAcrossGap(bundle);
            else
                view.ResumeWanted[rank] = true;
        }
        else if (_rules.DuplicateAfterReconnect)
        {
            for (int i = 0; i < bundle.SegmentCount; i++)
                if (bundle[i].Kind == SegmentKind.Application && bundle.Last <= view.Passed[rank])
                    effects.Add(new Effect(EffectKind.Deliver, default, bundle, i, bundle[i].Count, bundle[i].First));
            return;
        }
        bundle.Release();
    }

    private void OnOrders(ViewState view, int rank, Orders orders)
    {
        if ((view.Change.Wedged && !_rules.AckAfterWedge) || rank != 0 || view.IsSequencer)
            return;
        _dirty = true;
        long number = orders.First;
        foreach (OrderRun run in orders.Runs)
        {
            if (number == view.Orders.End + 1)
                view.Orders.Append(run);
            else if (number > view.Orders.End + 1)
                view.OrdersWanted = true;
            number += run.Count;
        }
        view.Acks.SetOrdered(0, Math.Min(number - 1, view.Orders.End));
    }

    private void OnAck(ViewState view, int rank, Ack ack)
    {
        if (!view.Change.Wedged)
            _acknowledged |= view.Acks.Set(rank, ack.Ordered, ack.Held, ack.Consumed, ack.PriorConsumed);
    }

    /// <summary>A mutant: the wedged member still says what it holds.</summary>
    private void AckAgain(ViewState view, EffectList effects)
    {
        AdvanceHeld(view);
        view.Orders.Acknowledge(view.Held);
        EmitAck(view, effects);
    }

    private void TrimStable(ViewState view)
    {
        for (int r = 0; r < view.Size; r++)
            if (view.Streams[r].Log.Count > 0)
                view.Streams[r].Trim(_rules.StableDroppedTooEarly ? long.MaxValue : view.Acks.Stable(r));
        view.Orders.Prune(_rules.StableDroppedTooEarly ? long.MaxValue : view.Acks.OrderedByAll());
    }

    private void TakeSubmits(ViewState view, EffectList effects)
    {
        _fills.Clear();
        _gate.Take(_fills);
        SealFills(view, effects);
    }

    private void SealFills(ViewState view, EffectList effects)
    {
        if (_fills.Count == 0)
            return;
        long[] stamp = Stamp(view);
        foreach (Fill fill in _fills)
        {
            if (_rules.CausalThroughSequencer)
                fill.OrderCausal();
            SendOwn(view, fill.Seal(view.Key, view.OwnRank, stamp), effects);
        }
        _fills.Clear();
    }

    private long[] Stamp(ViewState view) => _rules.StampWithoutDeliveries ? new long[view.Size] : view.Passed.AsSpan().ToArray();

    private void SendOwn(ViewState view, Bundle bundle, EffectList effects)
    {
        Invariant.Holds(!view.Change.Wedged || _rules.SendAfterWedge, "VS-20", "a message was sent in a wedged view");
        Invariant.Holds(view.Own.TryAppend(bundle), "VS-13", "the own stream has a gap");
        _ledger.Add(bundle.Last, bundle.BodyLength);
        effects.Broadcast(bundle);
    }

    /// <summary>Sends one control message in the own stream; it costs no window, and is safe, so that group views are uniform
    /// (docs/decisions/0010). <paramref name="hold"/>: submits to that group wait from here on.</summary>
    private void SendControl(
        ViewState view, SegmentKind kind, object? control, int group, int hold, EffectList effects, DeliveryOrder order = DeliveryOrder.Safe)
    {
        _fills.Clear();
        long sequence = _gate.Take(_fills, reserve: 1, hold);
        SealFills(view, effects);
        var segment = new Segment { Kind = kind, Order = order, Group = group, First = sequence, Count = 1, Control = control };
        SendOwn(view, new Bundle(view.Key, view.OwnRank, sequence, 1, Stamp(view), [segment], 1, null, 0, 0), effects);
    }

    /// <summary>Moves the held cursors: prefix and causal past are here (docs/decisions/0006). The sequencer numbers as it goes.</summary>
    private bool AdvanceHeld(ViewState view)
    {
        bool any = false, progress;
        do
        {
            progress = false;
            for (int r = 0; r < view.Size; r++)
            {
                InStream stream = view.Streams[r];
                while (stream.TryAt(ref stream.Held, out Bundle bundle))
                {
                    ref readonly Segment segment = ref bundle[stream.Held.Segment];
                    if (segment.NeedsStamp && !Stamps.Covered(bundle.Stamp, view.Held, r) && !_rules.IgnoreCausalHold && !_rules.NumberBeforeCausallyReady)
                        break;
                    if (stream.Received < segment.Last + segment.FragmentsLeft)
                        break;
                    long last = Math.Min(segment.Last, stream.Limit);
                    if (segment.IsOrdered && !view.Flushing)
                    {
                        int count = (int)(last - stream.Held.Next + 1);
                        if (view.IsSequencer)
                            Number(view, r, last, count);
                        if (segment.Order == DeliveryOrder.Safe)
                            (view.SafeOpen, view.SafeTotal) = (view.SafeOpen + count, view.SafeTotal + count);
                    }
                    view.Ack.Asked |= segment.Kind == SegmentKind.Barrier && r != view.OwnRank; // its owner waits for our word
                    stream.Held.Next = last + 1;
                    view.Held[r] = last;
                    progress = any = true;
                }
            }
        }
        while (progress);
        return any;
    }

    private static void Number(ViewState view, int rank, long upTo, int count)
    {
        List<OrderRun> runs = view.NewRuns;
        if (runs.Count > view.RunsLogged && runs[^1].Rank == rank)
            runs[^1] = new OrderRun(rank, upTo, runs[^1].Count + count);
        else
            runs.Add(new OrderRun(rank, upTo, count));
    }

    /// <summary>Runs enter the log as they will be sent: everybody cuts the log at the same places.</summary>
    private static void FlushRuns(ViewState view)
    {
        for (; view.RunsLogged < view.NewRuns.Count; view.RunsLogged++)
            view.Orders.Append(view.NewRuns[view.RunsLogged]);
    }

    /// <summary>Delivers, stream by stream as prefixes, whatever its order allows.</summary>
    private bool AdvancePassed(ViewState view, EffectList effects)
    {
        bool any = false, progress;
        do
        {
            progress = false;
            for (int r = 0; r < view.Size; r++)
            {
                InStream stream = view.Streams[r];
                while (stream.Passed.Next <= view.Held[r] && stream.TryAt(ref stream.Passed, out Bundle bundle))
                {
                    ref readonly Segment segment = ref bundle[stream.Passed.Segment];
                    long first = stream.Passed.Next;
                    long last = Math.Min(segment.Last, view.Held[r]);
                    if (segment.NeedsStamp && !Stamps.Covered(bundle.Stamp, view.Passed, r) && !_rules.IgnoreCausalHold)
                        break;
                    long number = 0;
                    if (segment.IsOrdered && !MayPassOrdered(view, r, segment.Order, first, ref last, out number))
                        break;
                    int count = (int)(last - first + 1);
                    if (segment.Order == DeliveryOrder.Safe)
                        view.SafeOpen -= count;
                    stream.Passed.Next = last + 1;
                    view.Passed[r] = last;
                    progress = any = true;
                    Deliver(view, r, bundle, stream.Passed.Segment, first, count, number, effects);
                }
            }
        }
        while (progress);
        return any;
    }

    private static bool MayPassOrdered(ViewState view, int rank, DeliveryOrder order, long first, ref long last, out long number)
    {
        number = view.Orders.Delivered + 1;
        if (!view.Orders.TryNext(out OrderRun run) || run.Rank != rank || run.UpTo < first)
            return false;
        last = Math.Min(last, run.UpTo);
        if (order == DeliveryOrder.Safe && !view.Flushing)
        {
            if (number > view.SafeNumber)
                return false;
            last = Math.Min(last, first + (view.SafeNumber - number));
        }
        view.Orders.Deliver((int)(last - first + 1));
        return true;
    }

    private void Deliver(ViewState view, int rank, Bundle bundle, int index, long first, int count, long number, EffectList effects)
    {
        ref readonly Segment segment = ref bundle[index];
        if (segment.Kind != SegmentKind.Application)
        {
            if (segment.Kind != SegmentKind.Barrier)
                OnControl(view, rank, segment, effects);
            return;
        }
        CheckGroupView(segment);
        bundle.Retain();
        view.LastDelivered[rank] = first + count - 1;
        if (rank != view.OwnRank)
            view.Unconsumed[rank].Add(first + count - 1, (int)((long)segment.Length * count / segment.Count));
        effects.Add(new Effect(EffectKind.Deliver, default, bundle, index, count, first, number));
        if (segment.Query && rank == view.OwnRank)
            NoteQuery(view, segment, first, count, effects);
    }

    private void EmitOrders(ViewState view, EffectList effects)
    {
        if (view.NewRuns.Count == 0)
            return;
        long first = view.Orders.End + 1;
        foreach (OrderRun run in view.NewRuns)
            first -= run.Count;
        effects.Broadcast(new Orders(view.Key, first, view.NewRuns.ToArray()));
        view.NewRuns.Clear();
        view.RunsLogged = 0;
        view.Ack.Ordered = view.Orders.Acknowledged; // the order frame is the sequencer's own acknowledgement
    }

    private void EmitReceipts(ViewState view, EffectList effects)
    {
        if (view.Passed[view.OwnRank] > view.DeliveredReceipt)
            effects.Add(new Effect(EffectKind.Delivered, Number: view.DeliveredReceipt = view.Passed[view.OwnRank]));
        long safe = view.Acks.SafeOwn();
        if (safe > view.SafeReceipt)
            effects.Add(new Effect(EffectKind.Safe, Number: view.SafeReceipt = safe));
        _gate.Credit(_ledger.Release(view.Acks.OwnConsumed(), view.Acks.PriorConsumed() && !_creditIsOwed));
    }

    private void EmitAck(ViewState view, EffectList effects)
    {
        AckState ack = view.Ack;
        long held = Sum(view.Held), consumed = Sum(view.ConsumedOut);
        bool ordered = view.Orders.Acknowledged > ack.Ordered;
        if (!ordered && held == ack.HeldSum && consumed == ack.ConsumedSum && PriorConsumed == ack.Prior)
            return;
        bool soon = (ordered && (view.SafeOpen > 0 || view.SafeTotal != ack.SafeTotal))
            || Math.Max(ack.HeldBytes, ack.ConsumedBytes) >= _options.SendWindow / 8
            || _now - ack.SentAt >= _options.Times.Heartbeat;
        if (soon || ack.Asked)
            SendAck(view, effects);
    }

    private void SendAck(ViewState view, EffectList effects)
    {
        AckState ack = view.Ack;
        ack.Asked = false;
        effects.Broadcast(MakeAck(view));
        (ack.Ordered, ack.HeldSum, ack.ConsumedSum) = (view.Orders.Acknowledged, Sum(view.Held), Sum(ConsumedVector(view)));
        (ack.Prior, ack.SentAt, ack.HeldBytes, ack.ConsumedBytes, ack.Repeats) = (PriorConsumed, _now, 0, 0, 1);
        if (view.SafeOpen == 0)
            ack.SafeTotal = view.SafeTotal;
    }

    private Ack MakeAck(ViewState view) =>
        new(view.Key, view.Orders.Acknowledged, view.Held.AsSpan().ToArray(), ConsumedVector(view).AsSpan().ToArray(), PriorConsumed);

    private static long Sum(long[] values)
    {
        long sum = 0;
        foreach (long value in values)
            sum += value;
        return sum;
    }
}
