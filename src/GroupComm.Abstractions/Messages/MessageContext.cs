using System;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm;

/// <summary>Where a delivered message stands, and the way to answer it. Valid during the handler's call only.</summary>
public abstract class MessageContext
{
    /// <summary>The message's identity.</summary>
    public abstract MessageId Id { get; }

    /// <summary>The node that sent it.</summary>
    public abstract NodeId SenderNode { get; }

    /// <summary>The member that sent it; null when it came from outside the group.</summary>
    public abstract MemberId? Sender { get; }

    /// <summary>The order in which it was sent.</summary>
    public abstract DeliveryOrder Order { get; }

    /// <summary>The group view in which it was sent and is delivered (law VS-8).</summary>
    public abstract GroupView View { get; }

    /// <summary>Its place among this member's deliveries in that group view, from 1; 0 for a message to this member alone.</summary>
    public abstract long Position { get; }

    /// <summary>The group.</summary>
    public abstract IGroup Group { get; }

    /// <summary>The token of <see cref="View"/>.</summary>
    public FencingToken FencingToken => View.Token;

    /// <summary>Multicasts from inside the handler; never waits for consumption: beyond the window a bounded reserve
    /// (64 MiB per node) is used, above it the call fails at once.</summary>
    public abstract ValueTask<SendReceipt> SendAsync<T>(T message, DeliveryOrder order, CancellationToken ct = default);

    /// <summary>As <see cref="SendAsync{T}"/>, for raw bytes.</summary>
    public abstract ValueTask<SendReceipt> SendBytesAsync(ReadOnlyMemory<byte> payload, DeliveryOrder order, CancellationToken ct = default);
}
