using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm;

/// <summary>One life in a cluster. A process may host several nodes. Disposal leaves gracefully within the leave time-out.</summary>
public interface IGroupCommNode : IAsyncDisposable
{
    /// <summary>Name and incarnation.</summary>
    NodeId Id { get; }

    /// <summary>The latest installed cluster view; null before the first.</summary>
    View? View { get; }

    /// <summary>Whether the node is in a view and hears a quorum of it.</summary>
    bool IsPrimary { get; }

    /// <summary>Why the node is not primary, in one line for people: the step that does not work, and with whom. Null while it
    /// is, and where nothing is known.</summary>
    string? Waiting => null;

    /// <summary>Completes when <see cref="IsPrimary"/> is true; fails with <see cref="JoinException"/> when the node can not join.</summary>
    Task WaitForPrimaryAsync(CancellationToken ct = default);

    /// <summary>Joins a group: registers the handlers, then completes with the first view that contains the member.</summary>
    /// <exception cref="JoinException">Refused, with the failing step.</exception>
    Task<IGroup> JoinAsync(string group, Action<IGroupBuilder> configure, CancellationToken ct = default);

    /// <summary>Multicasts to an open group without being a member.</summary>
    ValueTask<SendReceipt> SendBytesAsync(string group, ReadOnlyMemory<byte> payload, DeliveryOrder order, CancellationToken ct = default);

    /// <summary>The current view and every later one. A slow reader skips none; up to 1,024 are kept, then the oldest reader fails.</summary>
    IAsyncEnumerable<View> ReadViewsAsync(CancellationToken ct = default);

    /// <summary>Leaves the cluster: the others install a view without this node, with reason <c>left</c>.</summary>
    Task LeaveAsync(CancellationToken ct = default);
}
