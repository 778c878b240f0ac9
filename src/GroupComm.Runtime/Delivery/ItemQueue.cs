using System.Threading;

namespace GroupComm.Runtime.Delivery;

/// <summary>Something for a member, in the node's single order: a unit of messages, or a notice such as a view.</summary>
internal readonly record struct DeliveryItem(DeliveryUnit? Unit, MemberNotice? Notice);

/// <summary>The queue between the core's owner and a member's pump. Whoever finds the pump idle schedules it. Its length is
/// bounded by the senders' windows, which are credited only when the pump has handled what it took.</summary>
internal sealed class ItemQueue
{
    private readonly Lock _lock = new();
    private DeliveryItem[] _items = new DeliveryItem[16];
    private int _head;
    private int _count;
    private bool _scheduled;

    /// <summary>Items that wait.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>True when the caller has to run the pump.</summary>
    public bool Add(in DeliveryItem item)
    {
        lock (_lock)
        {
            if (_count == _items.Length)
                Grow();
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
            item = _items[_head];
            _items[_head] = default;
            _head = (_head + 1) & (_items.Length - 1);
            _count--;
            return true;
        }
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
