using System;

namespace GroupComm.Runtime.Submit;

/// <summary>What every send must fulfil before it may enter the stream.</summary>
internal static class SendCheck
{
    public static void Order(DeliveryOrder order)
    {
        if (order is < DeliveryOrder.Fifo or > DeliveryOrder.Safe)
            throw new ArgumentOutOfRangeException(nameof(order), order, "the order is one of Fifo, Causal, Agreed and Safe");
    }

    public static void Size(long size, long maximum)
    {
        if (size > maximum)
            throw new MessageTooLargeException(size, maximum);
    }
}
