using System;

namespace GroupComm.Testing.Simulation;

/// <summary>What happens at a moment of virtual time.</summary>
internal enum SimEventKind : byte
{
    Frame,
    Tick,
    TurnEnd,
    LinkUp,
    LinkDown,
    Consume,
    HandlerEnd,
    Client,
    Reply,
    Read,
    Fault,
    Restart,
    Resume,
    Heal,
    Uncut,
    StateChunk,
    StateArrives,
    StateTimeout,
    App,
}

/// <summary>One event. Which fields count, the kind says.</summary>
internal struct SimEvent
{
    public long Time;
    public SimEventKind Kind;
    public bool Flag;
    public int Node;
    public int From;
    public int Life;
    public int Generation;
    public long Number;
    public object? Subject;
}

/// <summary>
/// Events by time, then by the order in which they were made: a binary heap of numbers over a slab of events, so that
/// sifting moves no references.
/// </summary>
internal sealed class SimQueue
{
    private const int OrderBits = 24;

    private long[] _keys = new long[1024];
    private int[] _slots = new int[1024];
    private SimEvent[] _events = new SimEvent[1024];
    private int[] _free = new int[1024];
    private int _freeCount;
    private int _used;
    private long _order;

    public int Count { get; private set; }

    public void Clear()
    {
        Array.Clear(_events, 0, _used);
        (Count, _used, _freeCount, _order) = (0, 0, 0, 0);
    }

    public void Add(in SimEvent e)
    {
        int slot = _freeCount > 0 ? _free[--_freeCount] : NewSlot();
        _events[slot] = e;
        long key = (e.Time << OrderBits) | _order++;
        int i = Count++;
        while (i > 0)
        {
            int parent = (i - 1) >> 1;
            if (_keys[parent] <= key)
                break;
            (_keys[i], _slots[i]) = (_keys[parent], _slots[parent]);
            i = parent;
        }
        (_keys[i], _slots[i]) = (key, slot);
    }

    public long NextTime => Count == 0 ? long.MaxValue : _keys[0] >> OrderBits;

    public SimEvent Take()
    {
        int slot = _slots[0];
        SimEvent first = _events[slot];
        _events[slot].Subject = null;
        _free[_freeCount++] = slot;
        Count--;
        (long key, int last) = (_keys[Count], _slots[Count]);
        int i = 0;
        for (; ; )
        {
            int child = (2 * i) + 1;
            if (child >= Count)
                break;
            if (child + 1 < Count && _keys[child + 1] < _keys[child])
                child++;
            if (_keys[child] >= key)
                break;
            (_keys[i], _slots[i]) = (_keys[child], _slots[child]);
            i = child;
        }
        (_keys[i], _slots[i]) = (key, last);
        return first;
    }

    private int NewSlot()
    {
        if (_used == _events.Length)
        {
            Array.Resize(ref _events, _used * 2);
            Array.Resize(ref _keys, _used * 2);
            Array.Resize(ref _slots, _used * 2);
            Array.Resize(ref _free, _used * 2);
        }
        return _used++;
    }
}
