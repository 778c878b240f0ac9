using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm;

/// <summary>A membership in a group.</summary>
public interface IGroup : IAsyncDisposable
{
    /// <summary>The group's name.</summary>
    string Name { get; }

    /// <summary>This member.</summary>
    MemberId Self { get; }

    /// <summary>The latest view whose handlers have begun.</summary>
    GroupView View { get; }

    /// <summary>The token of <see cref="View"/> (law VS-25).</summary>
    FencingToken FencingToken { get; }

    /// <summary>Where this member stands.</summary>
    GroupStatus Status { get; }

    /// <summary>Multicasts in the order that <see cref="GroupMessageAttribute"/> names, or the group's default.</summary>
    ValueTask<SendReceipt> SendAsync<T>(T message, CancellationToken ct = default);

    /// <summary>Multicasts. Returns when the message is admitted: back-pressure is that wait, and <paramref name="ct"/> cancels only it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The order is none of the four.</exception>
    /// <exception cref="NotPrimaryException">This node does not hear a quorum.</exception>
    /// <exception cref="MessageTooLargeException">The payload is above the maximum; nothing was sent.</exception>
    ValueTask<SendReceipt> SendAsync<T>(T message, DeliveryOrder order, CancellationToken ct = default);

    /// <summary>Multicasts raw bytes. They are copied when the message is admitted: do not change them before the returned task has completed. Errors as <see cref="SendAsync{T}(T, DeliveryOrder, CancellationToken)"/>.</summary>
    ValueTask<SendReceipt> SendBytesAsync(ReadOnlyMemory<byte> payload, DeliveryOrder order, CancellationToken ct = default);

    /// <summary>Sends to one member, in fifo order with other unicasts to it.</summary>
    ValueTask SendToAsync<T>(MemberId member, T message, CancellationToken ct = default);

    /// <summary>Asks the group; replies come as they arrive, departures are known at once.</summary>
    IAsyncEnumerable<Reply<TReply>> QueryAsync<TQuery, TReply>(TQuery query, QueryTarget target, CancellationToken ct = default);

    /// <summary>Returns when this member has delivered all that was Safe anywhere before the call (law VS-23).</summary>
    ValueTask BarrierAsync(CancellationToken ct = default);

    /// <summary>What happened, in order, after the handlers for it. Needs <see cref="IGroupBuilder.UseEvents"/>.</summary>
    IAsyncEnumerable<GroupEvent> ReadEventsAsync(CancellationToken ct = default);

    /// <summary>Leaves the group; completes when the view without this member is delivered.</summary>
    Task LeaveAsync(CancellationToken ct = default);
}
