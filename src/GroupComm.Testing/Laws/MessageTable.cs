using System;

namespace GroupComm.Testing.Laws;

/// <summary>The messages of a history by (sender, view, sequence): open addressing, no allocation once grown.</summary>
internal sealed class MessageTable
{
    private readonly Table<MessageRow> _rows = new();
    private int[] _slots = new int[256];

    /// <summary>The messages in the order in which they were first seen.</summary>
    public Table<MessageRow> Rows => _rows;

    /// <summary>The row of a message, or -1.</summary>
    public int TryFind(int sender, long view, long sequence)
    {
        int mask = _slots.Length - 1;
        for (int at = Slot(sender, view, sequence) & mask; _slots[at] != 0; at = (at + 1) & mask)
        {
            ref MessageRow row = ref _rows[_slots[at] - 1];
            if (row.Sequence == sequence && row.View == view && row.Sender == sender)
                return _slots[at] - 1;
        }
        return -1;
    }

    /// <summary>The row of a message; a new one has no send and no delivery.</summary>
    public int Find(int sender, long view, long sequence)
    {
        int mask = _slots.Length - 1;
        int at = Slot(sender, view, sequence) & mask;
        while (true)
        {
            int slot = _slots[at] - 1;
            if (slot < 0)
                break;
            ref MessageRow row = ref _rows[slot];
            if (row.Sequence == sequence && row.View == view && row.Sender == sender)
                return slot;
            at = (at + 1) & mask;
        }
        int index = _rows.Count;
        ref MessageRow fresh = ref _rows.Add();
        fresh.Sender = sender;
        fresh.View = view;
        fresh.Sequence = sequence;
        fresh.Event = fresh.Member = fresh.GroupView = fresh.Position = fresh.PreviousInGroup = -1;
        fresh.Step = fresh.Install = fresh.Stay = fresh.FirstDelivery = fresh.LastDelivery = fresh.Group = -1;
        _slots[at] = index + 1;
        if (_rows.Count * 2 > _slots.Length)
            Grow();
        return index;
    }

    public void Clear()
    {
        _rows.Clear();
        Array.Clear(_slots);
    }

    /// <summary>Spreads the bits of <paramref name="x"/> (the finalizer of MurmurHash3).</summary>
    public static ulong Mix(ulong x)
    {
        x ^= x >> 33;
        x *= 0xff51afd7ed558ccdUL;
        x ^= x >> 33;
        x *= 0xc4ceb9fe1a85ec53UL;
        return x ^ (x >> 33);
    }

    private static int Slot(int sender, long view, long sequence) =>
        (int)(Mix(((ulong)sequence << 24) ^ ((ulong)view << 8) ^ (uint)sender) >> 33);

    private void Grow()
    {
        _slots = new int[_slots.Length * 4];
        int mask = _slots.Length - 1;
        for (int i = 0; i < _rows.Count; i++)
        {
            ref MessageRow row = ref _rows[i];
            int at = Slot(row.Sender, row.View, row.Sequence) & mask;
            while (_slots[at] != 0)
                at = (at + 1) & mask;
            _slots[at] = i + 1;
        }
    }
}
