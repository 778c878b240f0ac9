using System;
using System.Buffers;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Runtime.Delivery;

/// <summary>
/// Sees everything that is delivered to a member, of any type, in order and unread: a gateway, which hands it on. Called on the
/// member's pump, one call at a time, but for the notice that it was removed for not consuming; must not throw. Queries are answered without it, unless it is an <see cref="IQueryObserver"/>.
/// </summary>
internal interface IMemberObserver
{
    /// <param name="payload">Valid during the call only.</param>
    /// <param name="context">Where it stands; valid during the call only.</param>
    /// <param name="typeId">Of a typed message; null for raw bytes.</param>
    /// <param name="ct">The member ends.</param>
    /// <returns>Completes when the next may come: until then the member does not consume.</returns>
    ValueTask Message(in ReadOnlySequence<byte> payload, MessageContext context, string? typeId, CancellationToken ct);

    /// <summary>A view, or another event that is no message.</summary>
    /// <param name="notice">What happened.</param>
    /// <param name="node">The life of the node in which it did.</param>
    void Notice(GroupEvent notice, NodeId node);
}

/// <summary>Answers the queries of any type too.</summary>
internal interface IQueryObserver
{
    /// <summary>The answer. What it throws is told to the asker.</summary>
    ValueTask<ReadOnlyMemory<byte>> Query(ReadOnlySequence<byte> payload, MessageContext context, string? typeId, CancellationToken ct);
}
