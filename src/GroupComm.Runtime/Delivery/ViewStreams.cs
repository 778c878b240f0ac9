using System.Collections.Generic;
using GroupComm.Core;
using GroupComm.Core.Messages;

namespace GroupComm.Runtime.Delivery;

/// <summary>The streams of one cluster view, by rank. Belongs to the core's owner.</summary>
internal sealed class ViewStreams
{
    private readonly StreamLedger[] _ledgers;

    public ViewStreams(ViewKey key, IReadOnlyList<NodeInfo> members)
    {
        Key = key;
        Nodes = new NodeId[members.Count];
        _ledgers = new StreamLedger[members.Count];
        for (int rank = 0; rank < members.Count; rank++)
        {
            Nodes[rank] = members[rank].Id;
            _ledgers[rank] = new StreamLedger();
        }
    }

    public ViewKey Key { get; }

    public NodeId[] Nodes { get; }

    public StreamLedger this[int rank] => _ledgers[rank];

    /// <summary>Tells the core what has been handled since the last time; true when nothing is open any more.</summary>
    public bool Report(NodeCore core, UnitPool pool)
    {
        bool empty = true;
        for (int rank = 0; rank < _ledgers.Length; rank++)
        {
            long upTo = _ledgers[rank].TakeDone(pool);
            if (upTo > 0)
                core.Consumed(Key, rank, upTo);
            empty &= _ledgers[rank].IsEmpty;
        }
        return empty;
    }

    /// <summary>The view ended: fragments without their rest are dropped.</summary>
    public void DropFragments()
    {
        foreach (StreamLedger ledger in _ledgers)
            ledger.DropFragments();
    }
}

/// <summary>
/// One stream as the application consumes it: units in stream order, reported as a prefix. Invariant: a unit leaves from
/// the head only, and only when all members have handled it.
/// </summary>
internal sealed class StreamLedger
{
    private DeliveryUnit? _head;
    private DeliveryUnit? _tail;
    private LargeMessage? _fragments;
    private Bundle? _bundle;
    private int _index;
    private long _next;
    private int _offset;

    public bool IsEmpty => _head is null;

    public void Append(DeliveryUnit unit)
    {
        if (_tail is null)
            _head = unit;
        else
            _tail.Next = unit;
        _tail = unit;
    }

    /// <summary>Removes what is done from the head; the last sequence of it, or 0.</summary>
    public long TakeDone(UnitPool pool)
    {
        long upTo = 0;
        while (_head is { IsDone: true } unit)
        {
            upTo = unit.Last;
            _head = unit.Next;
            if (_head is null)
                _tail = null;
            if (unit.IsReleased)
                pool.Return(unit); // else a member reads it still, and it is not used again
        }
        return upTo;
    }

    /// <summary>Where the payload of sequence <paramref name="first"/> begins. Messages of a segment come in order, so
    /// mostly it is where the last call ended.</summary>
    public int Locate(Bundle bundle, int index, long first, int count)
    {
        ref readonly Segment segment = ref bundle[index];
        byte[] buffer = bundle.Block!.Buffer;
        int offset = ReferenceEquals(bundle, _bundle) && index == _index && first == _next
            ? _offset
            : Varint.Skip(buffer, segment.Offset, first - segment.First);
        bool more = first + count <= segment.Last;
        _bundle = more ? bundle : null;
        if (more)
            (_index, _next, _offset) = (index, first + count, Varint.Skip(buffer, offset, count));
        return offset;
    }

    /// <summary>Collects a fragment; the whole message with its last one, else null.</summary>
    public LargeMessage? AddFragment(Bundle bundle, int offset, int fragmentsLeft)
    {
        byte[] buffer = bundle.Block!.Buffer;
        int length = Varint.Read(buffer, ref offset);
        _fragments ??= new LargeMessage();
        _fragments.Add(bundle, offset, length);
        if (fragmentsLeft > 0)
            return null;
        LargeMessage whole = _fragments;
        _fragments = null;
        return whole;
    }

    public bool HasFragments => _fragments is not null;

    public void DropFragments()
    {
        _fragments?.Release();
        _fragments = null;
        _bundle = null;
    }
}
