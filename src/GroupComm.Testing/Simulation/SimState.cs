using System;
using System.Collections.Generic;

namespace GroupComm.Testing.Simulation;

/// <summary>
/// The state of a simulated member: a digest of the set of all messages of its group, and one of the sequence of the agreed
/// ones. As bytes it is what a donor captures and a joiner restores.
/// </summary>
internal sealed class SimState
{
    public const int Size = 16;

    private readonly List<(ulong Item, bool Ordered)> _buffered = [];
    private ulong _set = 0x9E3779B97F4A7C15;
    private ulong _sequence = 14695981039346656037;
    private (ulong Set, ulong Sequence) _before;

    /// <summary>False while it waits: what is delivered is buffered.</summary>
    public bool Restored { get; private set; } = true;

    /// <summary>The attempt for which it waits.</summary>
    public long Point { get; private set; }

    public GroupViewId PointView { get; private set; }

    /// <summary>When something of it arrived last.</summary>
    public long ProgressAt { get; set; }

    /// <summary>Mutant: captures that wait for one delivery too many.</summary>
    public List<SimTransfer> Late { get; } = [];

    public ulong Digest => DigestOf(_set, _sequence);

    /// <summary>The digest that captured bytes stand for.</summary>
    public static ulong DigestOf(ReadOnlySpan<byte> bytes) => DigestOf(BitConverter.ToUInt64(bytes), BitConverter.ToUInt64(bytes[8..]));

    private static ulong DigestOf(ulong set, ulong sequence) => (set * 0xD6E8FEB86659FD93) ^ sequence;

    public void Deliver(ulong item, bool ordered)
    {
        if (!Restored)
        {
            _buffered.Add((item, ordered));
            return;
        }
        _before = (_set, _sequence);
        Apply(item, ordered);
    }

    /// <summary>Holds deliveries from here on. What was held for an earlier attempt is in the new state.</summary>
    public void Await(long point, GroupViewId view, long now, bool keepBuffer)
    {
        (Restored, Point, PointView, ProgressAt) = (false, point, view, now);
        if (!keepBuffer)
            _buffered.Clear();
    }

    public byte[] Capture(bool early)
    {
        byte[] bytes = new byte[Size];
        (ulong set, ulong sequence) = early && _before.Set != 0 ? _before : (_set, _sequence);
        BitConverter.TryWriteBytes(bytes, set);
        BitConverter.TryWriteBytes(bytes.AsSpan(8), sequence);
        return bytes;
    }

    public void Restore(ReadOnlySpan<byte> bytes)
    {
        (_set, _sequence) = (BitConverter.ToUInt64(bytes), BitConverter.ToUInt64(bytes[8..]));
        Restored = true;
        foreach ((ulong item, bool ordered) in _buffered)
            Deliver(item, ordered);
        _buffered.Clear();
    }

    private void Apply(ulong item, bool ordered)
    {
        _set += item * (item | 1);
        if (ordered)
            _sequence = (_sequence ^ item) * 1099511628211;
    }
}

/// <summary>A state on its way in chunks.</summary>
internal sealed class SimTransfer(int joiner, int joinerLife, int group, int slot, long point, GroupViewId view)
{
    public int Joiner { get; } = joiner;

    public int JoinerLife { get; } = joinerLife;

    public int Group { get; } = group;

    public int Slot { get; } = slot;

    public long Point { get; } = point;

    public GroupViewId View { get; } = view;

    /// <summary>The state; empty when the capture failed.</summary>
    public byte[] Bytes { get; set; } = [];

    public int ChunksLeft { get; set; }

    /// <summary>The state of an application, carried along.</summary>
    public object? AppState { get; set; }

    /// <summary>The donor's node, once it has arrived.</summary>
    public int From { get; set; }

    /// <summary>Of the connection that it began on.</summary>
    public int Generation { get; set; }

    public int Interval { get; set; }
}
