using System;
using System.Threading;

namespace GroupComm.Runtime.Inspection;

/// <summary>Consecutive messages of one sender that this node delivered.</summary>
/// <param name="At">When.</param>
/// <param name="Group">The group; null when it is not known any more.</param>
/// <param name="First">The first of them.</param>
/// <param name="Count">How many.</param>
/// <param name="Order">Their order.</param>
/// <param name="View">The group view.</param>
/// <param name="Position">The first one's place in it.</param>
/// <param name="Number">Agreed number of the first one; 0 for none.</param>
/// <param name="TypeId">Their type.</param>
/// <param name="Bytes">Of all their payloads.</param>
internal readonly record struct RecentDelivery(
    DateTime At, string? Group, MessageId First, int Count, DeliveryOrder Order, GroupViewId View, long Position, long Number, string? TypeId, long Bytes);

/// <summary>The latest deliveries of this node; older ones are overwritten. Written by turns, read by people.</summary>
internal sealed class DeliveryRing(int capacity)
{
    private readonly Lock _lock = new();
    private readonly RecentDelivery[] _ring = new RecentDelivery[capacity];
    private long _count;

    public void Add(in RecentDelivery delivery)
    {
        lock (_lock)
            _ring[_count++ % capacity] = delivery;
    }

    /// <summary>The latest <paramref name="most"/>, oldest first.</summary>
    public RecentDelivery[] Latest(int most)
    {
        lock (_lock)
        {
            var latest = new RecentDelivery[Math.Min(Math.Min(most, capacity), _count)];
            for (int i = 0; i < latest.Length; i++)
                latest[i] = _ring[(_count - latest.Length + i) % capacity];
            return latest;
        }
    }
}
