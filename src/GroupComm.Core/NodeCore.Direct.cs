using System;
using System.Collections.Generic;
using GroupComm.Core.Direct;
using GroupComm.Core.Groups;
using GroupComm.Core.Messages;
using GroupComm.Core.Queries;
using GroupComm.Core.Stability;
using GroupComm.Core.Streams;

namespace GroupComm.Core;

// Unicasts, queries and barrier reads (docs/protocol/queries-and-reads.md).
internal sealed partial class NodeCore
{
    private readonly DirectTable _direct = new();
    private readonly QueryTable _queries = new();
    private readonly ReadTable _reads;

    /// <summary>Unicasts that were not acknowledged and queries that did not end; 0 after quiet.</summary>
    public int OpenExchanges => _direct.Kept + _queries.Count;

    /// <summary>Places a unicast to a member on <paramref name="to"/>, this node or another of the view.
    /// <paramref name="fromHandler"/>: may use the reserve instead of waiting. <see cref="Admission.NoGroup"/>: the node is
    /// not in the view.</summary>
    public Admission SendDirect(NodeId to, DirectItem item, bool fromHandler)
    {
        if (_finished || _departed is not null)
            return Admission.Closed;
        if (_view is not { Key.IsBootstrap: false } view || view.RankOf(to) < 0)
            return Admission.NoGroup;
        DirectPeer peer = _direct.Of(to);
        if (!peer.Out.HasRoom(item.Size, _options.DirectWindow))
        {
            if (!fromHandler)
                return Admission.Wait;
            if (!peer.Out.HasRoom(item.Size, _options.DirectWindow + DirectLimits.Reserve))
                return Admission.ReserveFull;
        }
        peer.Out.Add(item);
        _direct.Dirty = true;
        return Admission.Admitted;
    }

    /// <summary>The members of this node have handled the unicasts of <paramref name="from"/> up to this one.</summary>
    public void ConsumedDirect(NodeId from, long upTo)
    {
        _direct.Find(from)?.In.Consume(upTo);
        _direct.Dirty = true;
    }

    /// <summary>Multicasts a query and expects its answers. <paramref name="wanted"/> as in <see cref="OpenQuery.Wanted"/>.</summary>
    public Admission StartQuery(
        int group, int slot, string? typeId, DeliveryOrder order, ReadOnlySpan<byte> payload, int wanted, out ViewKey view, out long sequence)
    {
        Admission admission = _gate.TrySubmit(group, slot, typeId, order, payload, fromHandler: false, out view, out sequence, query: true);
        if (admission == Admission.Admitted)
            _queries.Add(new OpenQuery(view.Id, sequence, group, wanted));
        return admission;
    }

    public void CancelQuery(long view, long sequence) => _queries.Cancel(view, sequence);

    /// <summary>A barrier read begins; its end is <see cref="EffectKind.ReadReady"/>. Numbers rise. Answers why it cannot be, or null.</summary>
    public string? StartRead(long number)
    {
        if (_finished || _departed is not null)
            return "this node is no longer in the cluster";
        if (!_primary)
            return _pauseReason.Length > 0 && _unconfirmed ? _pauseReason : "no quorum of members is heard";
        _reads.Begin(number);
        _dirty = true;
        return null;
    }

    private void OnDirect(NodeId from, Message message, EffectList effects)
    {
        // A stranger's is not taken and not answered: either it will be in a view with this node, and sends again, or never.
        if (_view is not { Key.IsBootstrap: false } view || message.View.Epoch != view.Key.Epoch || view.RankOf(from) < 0)
            return;
        DirectPeer peer = _direct.Of(from);
        if (message is Messages.Direct frame)
            peer.In.Take(frame, _rules.DirectTakenTwice);
        else if (message is DirectAck ack)
            peer.Out.Acknowledge(ack.Received, ack.Consumed);
        _direct.Dirty = true;
        HandOver(peer, effects);
    }

    /// <summary>Once in a turn, wedged or not.</summary>
    private void EmitDirect(ViewState view, EffectList effects)
    {
        if (!_direct.Dirty)
            return;
        _direct.Dirty = false;
        foreach (DirectPeer peer in _direct.Peers)
        {
            while (peer.Out.HasUnsent)
            {
                List<DirectItem> items = peer.Out.Take(out long first);
                var frame = new Messages.Direct(view.Key, first, items);
                if (peer.Node == _self.Id)
                    peer.In.Take(frame, takeDoubles: false);
                else
                    effects.Send(peer.Node, frame);
            }
            HandOver(peer, effects);
            AckDirect(view, peer, tick: false, effects);
        }
    }

    private void AckDirect(ViewState view, DirectPeer peer, bool tick, EffectList effects)
    {
        if (peer.Node == _self.Id)
        {
            peer.Out.Acknowledge(peer.In.Received, peer.In.Consumed);
            return;
        }
        if (!peer.In.OwesAck(tick))
            return;
        effects.Send(peer.Node, new DirectAck(view.Key, peer.In.Received, peer.In.Consumed));
        peer.In.Said();
    }

    /// <summary>Once in a heartbeat: what did not get through goes out again.</summary>
    private void TickDirect(ViewState view, EffectList effects)
    {
        foreach (DirectPeer peer in _direct.Peers)
        {
            if (peer.Out.IsStuck())
                SendDirectAgain(peer);
            AckDirect(view, peer, tick: true, effects);
        }
    }

    private void SendDirectAgain(DirectPeer peer)
    {
        peer.Out.SendAgain();
        _direct.Dirty = true;
    }

    /// <summary>Hands over what waits, as far as the group views that it names are installed here. A group that is gone holds nothing up.</summary>
    private void HandOver(DirectPeer peer, EffectList effects)
    {
        while (peer.In.HasWaiting && (_rules.UnicastBeforeGroupView || _table.HasReached(peer.In.Peek().Group, peer.In.Peek().GroupView)))
        {
            DirectItem item = peer.In.Peek();
            long sequence = peer.In.Deliver();
            effects.Add(new Effect(EffectKind.DeliverDirect, peer.Node, item, First: sequence));
            if (item.Kind != DirectKind.Message)
                _queries.Answered(peer.Node, item, effects);
        }
    }

    private void NoteQuery(ViewState view, in Segment segment, long first, int count, EffectList effects)
    {
        if (segment.FragmentsLeft > 0 || _queries.Count == 0)
            return;
        IReadOnlyList<GroupMember> members = _table.Find(segment.Group)?.ToState().Members ?? [];
        for (int i = 0; i < count; i++)
            _queries.Delivered(view.Key.Id, first + i, members, effects);
    }

    private void NoteGroupView(InstalledGroupView installed, EffectList effects)
    {
        _direct.Dirty = true; // unicasts may have waited for it
        if (_queries.Count > 0 && !_rules.QueryForgetsDepartures)
            _queries.Installed(installed.Group.Number, installed.Group.Members, effects);
    }

    /// <summary>The no-op of the reads that wait. It is fifo: it needs no number, only the word of the others that they hold it.</summary>
    private void EmitReads(ViewState view, EffectList effects)
    {
        if (!_reads.IsWaiting)
            return;
        SendControl(view, SegmentKind.Barrier, null, 0, 0, effects, DeliveryOrder.Fifo);
        _reads.Sent(view.Own.Received);
    }

    private void AdvanceReads(ViewState view, EffectList effects)
    {
        if (_reads.IsOpen && _reads.Advance(view.Acks, view.OwnRank, view.Passed) is > 0 and long ended)
            effects.Add(new Effect(EffectKind.ReadReady, Number: ended));
    }

    private void EndReads(EffectList effects)
    {
        if (_reads.Install() is > 0 and long ended)
            effects.Add(new Effect(EffectKind.ReadReady, Number: ended));
    }

    private void RefuseReads(string reason, EffectList effects)
    {
        if (_reads.GiveUp() is > 0 and long last)
            effects.Add(new Effect(EffectKind.ReadRefused, Subject: reason, Number: last));
    }
}
