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

    /// <summary>Sends to one member, in fifo order with this node's other unicasts to it, once, and without a loss while both
    /// nodes stay in the view; no order relative to multicasts. Completes when the message has its place; waits while the
    /// receiving node has not handled 4 MiB of them. At most 1 MiB, or <see cref="GroupCommOptions.MaxMessageSize"/> if less.</summary>
    /// <exception cref="InvalidOperationException"><paramref name="member"/> is not in the group's current view.</exception>
    /// <exception cref="MessageTooLargeException">The message is above the maximum; nothing was sent.</exception>
    ValueTask SendToAsync<T>(MemberId member, T message, CancellationToken ct = default);

    /// <summary>Asks the members of the view in which the query is delivered, this one too; replies come as they arrive,
    /// departures are known at once. The query goes out when the enumeration begins; whoever ends it early is not told more.</summary>
    /// <exception cref="InvalidOperationException">Called inside a handler of the same group, whose own reply would wait for it.</exception>
    /// <exception cref="OutcomeUnknownException">While enumerating: this node was excluded or stopped after the query was numbered.</exception>
    /// <exception cref="GroupCommException">While enumerating: so many departed that a majority cannot answer.</exception>
    IAsyncEnumerable<Reply<TReply>> QueryAsync<TQuery, TReply>(TQuery query, QueryTarget target, CancellationToken ct = default);

    /// <summary>Returns when this member has handled every message of the group whose Safe receipt was given anywhere before the
    /// call (law VS-23). Costs two hops.</summary>
    /// <exception cref="NotPrimaryException">This node does not hear a quorum.</exception>
    /// <exception cref="InvalidOperationException">Called inside a handler of the same member, which it would wait for.</exception>
    ValueTask BarrierAsync(CancellationToken ct = default);

    /// <summary>What happened, in order, after the handlers for it. Needs <see cref="IGroupBuilder.UseEvents"/>.</summary>
    IAsyncEnumerable<GroupEvent> ReadEventsAsync(CancellationToken ct = default);

    /// <summary>Leaves the group; completes when the view without this member is delivered.</summary>
    Task LeaveAsync(CancellationToken ct = default);
}
