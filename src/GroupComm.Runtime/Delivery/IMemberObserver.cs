using System.Buffers;

namespace GroupComm.Runtime.Delivery;

/// <summary>
/// Sees everything that is delivered to a member, of any type, in order and unread: a gateway, which hands it on. Called on the
/// member's pump, one call at a time; must be quick and must not throw. Queries are answered without it.
/// </summary>
internal interface IMemberObserver
{
    /// <param name="payload">Valid during the call only.</param>
    /// <param name="context">Where it stands; valid during the call only.</param>
    /// <param name="typeId">Of a typed message; null for raw bytes.</param>
    void Message(in ReadOnlySequence<byte> payload, MessageContext context, string? typeId);

    /// <summary>A view, or another event that is no message.</summary>
    /// <param name="notice">What happened.</param>
    /// <param name="node">The life of the node in which it did.</param>
    void Notice(GroupEvent notice, NodeId node);
}
