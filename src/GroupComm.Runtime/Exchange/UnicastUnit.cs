using System;
using System.Numerics;
using GroupComm.Core.Messages;
using GroupComm.Runtime.Delivery;

namespace GroupComm.Runtime.Exchange;

/// <summary>A unicast in the form of a multicast, so that it takes the same way through a member's queue and pump: one
/// message in a bundle of a view 0 of its own, whose sequence is the unicast's.</summary>
internal static class UnicastUnit
{
    private static readonly Segment[] Empty = [new Segment { Order = DeliveryOrder.Fifo, Count = 1 }];

    /// <summary>Fills the unit; without a <paramref name="item"/> there is nothing to handle.</summary>
    public static void Fill(DeliveryUnit unit, ViewStreams streams, long sequence, DirectItem? item)
    {
        unit.Streams = streams;
        unit.Rank = 0;
        unit.Bundle = item is null ? new Bundle(streams.Key, 0, sequence, 1, [], Empty, 1, null, 0, 0) : Wrap(streams, sequence, item);
        unit.Index = 0;
        unit.First = sequence;
        unit.Count = 1;
        unit.Offset = 0;
        unit.Number = 0;
        unit.Position = 0;
        unit.Large = null;
        unit.Bytes = item?.Size ?? 0;
    }

    private static Bundle Wrap(ViewStreams streams, long sequence, DirectItem item)
    {
        int length = item.Payload.Length;
        int head = Math.Max(1, (BitOperations.Log2((uint)length | 1) / 7) + 1);
        byte[] buffer = new byte[head + length];
        for (int i = 0; i < head; i++, length >>= 7)
            buffer[i] = (byte)(i < head - 1 ? length | 0x80 : length);
        item.Payload.Span.CopyTo(buffer.AsSpan(head));
        Segment segment = new()
        {
            Order = DeliveryOrder.Fifo, Group = item.Group, GroupView = item.GroupView, Slot = item.Sender, TypeId = item.TypeId,
            First = sequence, Count = 1, Length = buffer.Length,
        };
        return new Bundle(streams.Key, 0, sequence, 1, [], [segment], 1, new ArrayBlock(buffer), 0, buffer.Length);
    }
}
