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
    Burst,
    Reply,
    Read,
    Fault,
    Restart,
    Die,
    Resume,
    Heal,
    Uncut,
    LateEnd,
    LateSuspect,
    Takeover,
    StateChunk,
    StateArrives,
    StateTimeout,
    App,

    /// <summary>Of no node: the subject is done.</summary>
    Outside,
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
/// Events by time, then by the order in which they were made: a heap with four children a node, of numbers over a slab of
/// events, so that sifting moves no references.
/// </summary>
internal sealed class SimQueue
{
    private const int OrderBits = 24;

    private (long Key, int Slot)[] _heap = new (long, int)[1024];
    private SimEvent[] _events = new SimEvent[1024];
    private int[] _free = new int[1024];
    private int _freeCount;
    private int _used;
    private int _taken = -1;
    private long _order;

    public int Count { get; private set; }

    public void Clear()
    {
        Array.Clear(_events, 0, _used);
        (Count, _used, _freeCount, _order, _taken) = (0, 0, 0, 0, -1);
    }

    public void Add(in SimEvent e)
    {
        int slot = _freeCount > 0 ? _free[--_freeCount] : NewSlot();
        _events[slot] = e;
        long key = (e.Time << OrderBits) | _order++;
        (long Key, int Slot)[] heap = _heap;
        int i = Count++;
        while (i > 0)
        {
            int parent = (i - 1) >> 2;
            if (heap[parent].Key <= key)
                break;
            heap[i] = heap[parent];
            i = parent;
        }
        heap[i] = (key, slot);
    }

    public long NextTime => Count == 0 ? long.MaxValue : _heap[0].Key >> OrderBits;

    /// <summary>The next event, which stays as it is until the next call.</summary>
    public ref readonly SimEvent Take()
    {
        if (_taken >= 0)
        {
            _events[_taken].Subject = null;
            _free[_freeCount++] = _taken;
        }
        (long Key, int Slot)[] heap = _heap;
        _taken = heap[0].Slot;
        int count = --Count;
        (long Key, int Slot) last = heap[count];
        int i = 0;
        for (; ; )
        {
            int child = (4 * i) + 1;
            if (child >= count)
                break;
            int least = child, end = Math.Min(child + 4, count);
            for (child++; child < end; child++)
                if (heap[child].Key < heap[least].Key)
                    least = child;
            if (heap[least].Key >= last.Key)
                break;
            heap[i] = heap[least];
            i = least;
        }
        heap[i] = last;
        return ref _events[_taken];
    }

    private int NewSlot()
    {
        if (_used == _events.Length)
        {
            Array.Resize(ref _events, _used * 2);
            Array.Resize(ref _heap, _used * 2);
            Array.Resize(ref _free, _used * 2);
        }
        return _used++;
    }
}
