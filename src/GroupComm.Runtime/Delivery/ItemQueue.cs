using System.Threading;

namespace GroupComm.Runtime.Delivery;

/// <summary>Something for a member, in the node's single order: a unit of messages, or a notice such as a view.
/// <paramref name="Credited"/>: the member has given the credit for it while it was queued.</summary>
internal readonly record struct DeliveryItem(DeliveryUnit? Unit, MemberNotice? Notice, bool Credited = false);

/// <summary>The queue between the core's owner and a member's pump. Whoever finds the pump idle schedules it. Its length is
/// bounded by the senders' windows, which are credited only when the pump has handled what it took; with the policy
/// <see cref="SlowConsumerPolicy.Report"/> by the member's queue limit.</summary>
internal sealed class ItemQueue
{
    private readonly Lock _lock = new();
    private DeliveryItem[] _items = new DeliveryItem[16];
    private int _head;
    private int _count;
    private bool _scheduled;
    private bool _closed;
    private long _bytes;

    /// <summary>The pump is at work or about to be.</summary>
    public bool IsScheduled
    {
        get
        {
            lock (_lock)
                return _scheduled;
        }
    }

    /// <summary>Bytes of the units that wait.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Items that wait.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>True when the caller has to run the pump.</summary>
    public bool Add(in DeliveryItem item)
    {
        lock (_lock)
        {
            if (_closed)
            {
                if (item.Unit is { } unit)
                    unit.CloseAndRelease(item.Credited);
                return false;
            }
            if (_count == _items.Length)
                Grow();
            _bytes += item.Unit?.Bytes ?? 0;
            _items[(_head + _count++) & (_items.Length - 1)] = item;
            if (_scheduled)
                return false;
            _scheduled = true;
            return true;
        }
    }

    /// <summary>False: the queue is empty, and the pump no longer scheduled.</summary>
    public bool TryTake(out DeliveryItem item)
    {
        lock (_lock)
        {
            if (_count == 0)
            {
                _scheduled = false;
                item = default;
                return false;
            }
            item = TakeFirst();
            return true;
        }
    }

    /// <summary>Gives the credit for everything that waits and is not credited; answers the bytes that came free.</summary>
    public long Credit()
    {
        long bytes = 0;
        lock (_lock)
        {
            for (int i = 0; i < _count; i++)
            {
                ref DeliveryItem item = ref _items[(_head + i) & (_items.Length - 1)];
                if (item is not { Credited: false, Unit: { } unit })
                    continue;
                item = item with { Credited = true };
                bytes += unit.Credit() ? unit.Bytes : 0;
            }
        }
        return bytes;
    }

    /// <summary>Drops everything, now and later; answers the bytes that came free.</summary>
    public long Close()
    {
        long freed = 0;
        lock (_lock)
        {
            _closed = true;
            while (_count > 0)
            {
                DeliveryItem item = TakeFirst();
                if (item.Unit is not { } unit)
                    continue;
                long bytes = unit.Bytes;
                freed += unit.CloseAndRelease(item.Credited) ? bytes : 0;
            }
        }
        return freed;
    }

    private DeliveryItem TakeFirst()
    {
        DeliveryItem item = _items[_head];
        _items[_head] = default;
        _head = (_head + 1) & (_items.Length - 1);
        _count--;
        _bytes -= item.Unit?.Bytes ?? 0;
        return item;
    }

    private void Grow()
    {
        DeliveryItem[] larger = new DeliveryItem[_items.Length * 2];
        for (int i = 0; i < _count; i++)
            larger[i] = _items[(_head + i) & (_items.Length - 1)];
        _items = larger;
        _head = 0;
    }
}
