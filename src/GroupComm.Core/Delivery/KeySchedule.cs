using System;
using System.Collections.Generic;

namespace GroupComm.Core.Delivery;

/// <summary>
/// Decides which admitted items of one member may be handled now (law VS-24, docs/decisions/0020). Items come in delivery
/// order. Two items conflict when their keys are equal or when one of them is a barrier: a message without a key, a view, any
/// other notice. Invariant: an item starts only when every earlier item that it conflicts with is complete; so conflicting
/// items are handled one after the other, in delivery order, and a barrier alone.
/// The runtime's pump and the simulator use this class.
/// </summary>
/// <typeparam name="TKey">Keys as they were at admission: equality must not change later.</typeparam>
/// <param name="limit">Items admitted and not complete. The caller asks <see cref="HasRoom"/> first.</param>
/// <param name="rules">The correct ones, but for mutants in the simulator.</param>
internal sealed class KeySchedule<TKey>(int limit, ProtocolRules? rules = null)
    where TKey : struct, IEquatable<TKey>
{
    private const int None = -1;

    private readonly ProtocolRules _rules = rules ?? ProtocolRules.Correct;
    private readonly Dictionary<TKey, int> _last = []; // lookup only: the youngest open item of each key
    private readonly Queue<int> _behind = new(); // a barrier that waits for those before it, and all that wait for it
    private readonly Queue<int> _ready = new();
    private Item[] _items = new Item[16];
    private int _free = None;
    private int _used;
    private bool _alone; // a barrier is ready or running
    private int _open; // activated: ready or running, or waiting for an item of the same key

    private struct Item
    {
        public TKey? Key;
        public bool Barrier;
        public int Next;
    }

    /// <summary>Admitted and not complete.</summary>
    public int Count { get; private set; }

    /// <summary>Whether one more may be admitted.</summary>
    public bool HasRoom => Count < limit;

    /// <summary>Admits a message. Null conflicts with everything. The answer names the item until it is complete.</summary>
    public int Admit(TKey? key)
    {
        Invariant.Holds(HasRoom, "VS-24", "more items were admitted than the limit allows");
        int item = NewItem(key, barrier: key is null);
        if (_alone || _behind.Count > 0 || (key is null && _open > 0))
            _behind.Enqueue(item);
        else
            Activate(item);
        return item;
    }

    /// <summary>Admits a view or another notice: it conflicts with everything.</summary>
    public int AdmitBarrier()
    {
        if (!_rules.ViewNotABarrierForKeys)
            return Admit(null);
        int item = NewItem(null, barrier: false);
        _open++;
        _ready.Enqueue(item);
        return item;
    }

    /// <summary>The next item that may start; each is answered once.</summary>
    public bool TryStart(out int item) => _ready.TryDequeue(out item);

    /// <summary>An item that was started is complete; others may become startable.</summary>
    public void Complete(int item)
    {
        ref Item done = ref _items[item];
        _open--;
        Count--;
        if (done.Next != None)
            _ready.Enqueue(done.Next);
        else if (done.Key is { } key && _last.TryGetValue(key, out int last) && last == item)
            _last.Remove(key);
        if (done.Barrier)
            _alone = false;
        done.Key = null;
        done.Next = _free;
        _free = item;
        if (_open == 0)
            ActivateBehind();
    }

    private void ActivateBehind()
    {
        while (_behind.TryPeek(out int item) && (!_items[item].Barrier || _open == 0))
        {
            Activate(_behind.Dequeue());
            if (_items[item].Barrier)
                return;
        }
    }

    private void Activate(int item)
    {
        _open++;
        ref Item it = ref _items[item];
        if (it.Barrier)
        {
            _alone = true;
            _ready.Enqueue(item);
            return;
        }
        if (it.Key is { } key && _last.TryGetValue(key, out int before) && !_rules.HandlersOfOneKeyInParallel)
            _items[before].Next = item;
        else
            _ready.Enqueue(item);
        if (it.Key is { } own)
            _last[own] = item;
    }

    private int NewItem(TKey? key, bool barrier)
    {
        Count++;
        int item = _free;
        if (item != None)
        {
            _free = _items[item].Next;
        }
        else
        {
            if (_used == _items.Length)
                Array.Resize(ref _items, _used * 2);
            item = _used++;
        }
        _items[item] = new Item { Key = key, Barrier = barrier, Next = None };
        return item;
    }
}
