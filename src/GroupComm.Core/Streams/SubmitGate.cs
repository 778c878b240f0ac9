using System;
using System.Collections.Generic;
using GroupComm.Core.Messages;

namespace GroupComm.Core.Streams;

/// <summary>What became of a submit.</summary>
internal enum Admission
{
    /// <summary>It has a view and a sequence: it is sent.</summary>
    Admitted,

    /// <summary>Window full, view change or group change: try again when <see cref="SubmitGate.Opened"/> is called.</summary>
    Wait,

    /// <summary>No quorum is heard.</summary>
    NotPrimary,

    /// <summary>The group is not in the table.</summary>
    NoGroup,

    /// <summary>The sending member is none of the group any more.</summary>
    NoMember,

    /// <summary>The bounded reserve for sends inside handlers is used up.</summary>
    ReserveFull,

    /// <summary>The node was excluded or left.</summary>
    Closed,
}

/// <summary>
/// Gives a message its place in the node's stream outside of a turn, so that a send knows its id at once
/// (docs/decisions/0008). The core is its only other user: it takes what was filled at each turn, closes the gate at a
/// wedge and opens it at an install. The runtime overrides <see cref="Enter"/> and <see cref="Exit"/> with a lock.
/// </summary>
internal partial class SubmitGate(BlockSource blocks, int window, ProtocolRules? rules = null)
{
    private const int LongestLength = 5;

    // A fill that uses less than this part of its block moves to a smaller one.
    private const int SnugShare = 4;

    private readonly Dictionary<int, GroupGate> _groups = []; // lookup only
    private readonly List<Fill> _filled = [];
    private Fill? _open;
    private ViewKey _view;
    private long _next = 1;
    private bool _isOpen;
    private bool _primary;
    private bool _ended;
    private string _reason = "";
    private long _oversize;
    private readonly ProtocolRules _rules = rules ?? ProtocolRules.Correct;

    private struct GroupGate
    {
        public long View;
        public bool Held;
        public bool StampNext;
        public int[]? Own;
    }

    /// <summary>Bytes sent and not consumed by the slowest member.</summary>
    public long Unconsumed { get; private set; }

    /// <summary>Why <see cref="Admission.NotPrimary"/> or <see cref="Admission.Closed"/> was answered.</summary>
    public string Reason => _reason;

    /// <summary>Whether something waits to be taken by the core.</summary>
    public bool HasFilled => _open is not null || _filled.Count > 0;

    /// <summary>
    /// Places a message in the stream. <paramref name="sequence"/> is that of its last fragment. With
    /// <paramref name="fromHandler"/> it may use the reserve instead of waiting for the window.
    /// The payload is copied. A message with a trace context has a segment of its own.
    /// </summary>
    public Admission TrySubmit(
        int group, int slot, string? typeId, DeliveryOrder order, ReadOnlySpan<byte> payload, bool fromHandler, out ViewKey view, out long sequence,
        bool query = false, string? traceParent = null)
    {
        Enter();
        try
        {
            view = _view;
            sequence = 0;
            if (_ended)
                return Admission.Closed;
            if (!_isOpen)
                return _primary || _view == default ? Admission.Wait : Admission.NotPrimary;
            if (!_primary)
                return Admission.NotPrimary;
            if (!_groups.TryGetValue(group, out GroupGate gate))
                return Admission.NoGroup;
            if (gate.Held)
                return Admission.Wait;
            if (slot != 0 && gate.Own is { } own && Array.IndexOf(own, slot) < 0)
                return Admission.NoMember;
            Admission room = Room(payload.Length, fromHandler);
            if (room != Admission.Admitted)
                return room;

            var like = new Segment { Order = order, Group = group, GroupView = gate.View, Slot = slot, TypeId = typeId, Query = query };
            if (gate.StampNext)
            {
                like.Stamped = order == DeliveryOrder.Fifo;
                gate.StampNext = false;
                _groups[group] = gate;
            }
            bool alone = Unconsumed == 0;
            Place(like, payload, traceParent);
            if (alone)
                _oversize = Unconsumed;
            sequence = _next - 1;
            return Admission.Admitted;
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>
    /// The window (protocol.md sections 4 and 6). A message that is larger goes out whole when nothing is outstanding. Sends
    /// inside handlers go on beyond it, up to the reserve: what waits for their handler may be what they would wait for.
    /// While they do, sends from outside wait. A lone large message does not eat the reserve.
    /// </summary>
    private Admission Room(int size, bool fromHandler)
    {
        if (Unconsumed == 0 && !(_rules.FragmentsAgainstTheWindow && size > window))
            return Admission.Admitted;
        if (Unconsumed + size <= window)
            return Admission.Admitted;
        if (!fromHandler || _rules.HandlerWaitsForWindow)
            return Admission.Wait;
        return Unconsumed + size <= Math.Max(window, _oversize) + ReserveSize ? Admission.Admitted : Admission.ReserveFull;
    }

    private void Place(Segment like, ReadOnlySpan<byte> payload, string? traceParent)
    {
        int left = (payload.Length - 1) / FragmentSize;
        do
        {
            int size = left > 0 ? FragmentSize : payload.Length;
            like.FragmentsLeft = left;
            like.TraceParent = left == 0 ? traceParent : null;
            Append(like, payload[..size]);
            payload = payload[size..];
            like.Stamped = false;
        }
        while (left-- > 0);
    }

    private void Append(in Segment like, ReadOnlySpan<byte> payload)
    {
        int need = payload.Length + LongestLength;
        if (_open is not null && (_open.Free < need || (_open.Length > 0 && _open.Length + need > CoreLimits.Bundle)))
            CloseFill();
        _open ??= new Fill(_next, blocks.Rent(Math.Max(need, FillSize)));
        int before = _open.Length;
        _open.Append(like, payload);
        Unconsumed += _open.Length - before;
        _next++;
    }

    /// <summary>Size of a fresh block; the simulator uses small ones.</summary>
    protected virtual int FillSize => CoreLimits.Bundle;

    /// <summary>Payload bytes of a fragment.</summary>
    protected virtual int FragmentSize => CoreLimits.Fragment;

    /// <summary>Unconsumed bytes beyond the window that sends inside handlers may use.</summary>
    protected virtual long ReserveSize => CoreLimits.Reserve;

    private void CloseFill()
    {
        if (_open is null)
            return;
        // It is kept until every member has it. A whole block for each lone message, and a member that stands still for seconds
        // costs thousands of blocks while the window, which counts payload, is hardly used.
        if (_open.Length * SnugShare <= _open.Block.Buffer.Length)
            _open.MoveTo(blocks.Rent(_open.Length));
        _filled.Add(_open);
        _open = null;
    }

    /// <summary>Begins exclusive use; the simulator has one thread and needs none.</summary>
    protected virtual void Enter() { }

    /// <summary>Ends exclusive use.</summary>
    protected virtual void Exit() { }

    /// <summary>Called (inside Enter/Exit) whenever something that waited may now be admitted or refused.</summary>
    protected virtual void Opened() { }
}
