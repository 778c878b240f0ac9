using System;
using System.Collections.Generic;
using GroupComm.Core.Messages;

namespace GroupComm.Core.Direct;

/// <summary>
/// Unicasts to one node: numbered from 1, kept until it has them, charged until its members have handled them.
/// Invariant: consumed ≤ acknowledged ≤ sent ≤ last.
/// </summary>
internal sealed class DirectOut
{
    private readonly Queue<DirectItem> _kept = new(); // after _acknowledged
    private readonly Queue<int> _charged = new(); // after _consumed
    private long _acknowledged;
    private long _sent;
    private long _consumed;
    private long _asOfLastTick;

    public long Last => _acknowledged + _kept.Count;

    /// <summary>Not yet acknowledged.</summary>
    public int Kept => _kept.Count;

    /// <summary>Bytes not yet handled by the receiver.</summary>
    public long Bytes { get; private set; }

    public bool HasUnsent => _sent < Last;

    public bool HasRoom(int size, int room) => Bytes == 0 || Bytes + size <= room;

    public void Add(DirectItem item)
    {
        _kept.Enqueue(item);
        _charged.Enqueue(item.Size);
        Bytes += item.Size;
    }

    /// <summary>The next frame's items and the number of the first.</summary>
    public List<DirectItem> Take(out long first)
    {
        first = _sent + 1;
        var items = new List<DirectItem>();
        int bytes = 0;
        long skip = _sent - _acknowledged;
        foreach (DirectItem item in _kept)
        {
            if (skip-- > 0)
                continue;
            if (items.Count > 0 && bytes + item.Size > DirectLimits.FrameSize)
                break;
            items.Add(item);
            bytes += item.Size;
        }
        _sent += items.Count;
        return items;
    }

    /// <summary>What the receiver says it has; what was never sent cannot be acknowledged.</summary>
    public void Acknowledge(long received, long consumed)
    {
        if (received > Last || consumed > received)
            return;
        _sent = Math.Max(_sent, received);
        for (; _acknowledged < received; _acknowledged++)
            _kept.Dequeue();
        for (; _consumed < consumed; _consumed++)
            Bytes -= _charged.Dequeue();
    }

    /// <summary>The link is new, or nothing was heard for an interval: everything that is kept goes out again.</summary>
    public void SendAgain() => _sent = _acknowledged;

    /// <summary>Once in a heartbeat; true when what is kept has not moved since the last time.</summary>
    public bool IsStuck()
    {
        bool stuck = _kept.Count > 0 && _asOfLastTick == _acknowledged;
        _asOfLastTick = _kept.Count > 0 ? _acknowledged : -1;
        return stuck;
    }
}
