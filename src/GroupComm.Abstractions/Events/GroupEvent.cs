using System;

namespace GroupComm;

/// <summary>Something that happened to a member, in the order in which it happened. The set of kinds is closed.</summary>
public abstract record GroupEvent
{
    private protected GroupEvent() { }
}

/// <summary>A view was installed and its handler has run.</summary>
/// <param name="View">The view.</param>
public sealed record ViewInstalled(GroupView View) : GroupEvent;

/// <summary>A message was delivered and its handler has run.</summary>
/// <param name="Id">The message.</param>
/// <param name="Sender">The member that sent it; null from outside the group.</param>
/// <param name="Order">Its order.</param>
/// <param name="TypeId">Its type on the wire; null for raw bytes.</param>
/// <param name="Payload">Its bytes, the reader's own copy.</param>
/// <param name="Position">Its place in this group view, from 1.</param>
public sealed record MessageDelivered(
    MessageId Id, MemberId? Sender, DeliveryOrder Order, string? TypeId, ReadOnlyMemory<byte> Payload, long Position) : GroupEvent;

/// <summary>The old view ends here: before it, safe meant the whole old view; after it, only those who come along.</summary>
/// <param name="View">The group view that ends.</param>
public sealed record Transitional(GroupViewId View) : GroupEvent;

/// <summary>This node no longer hears a quorum: sends fail until <see cref="PrimaryRegained"/> or <see cref="Excluded"/>.</summary>
/// <param name="Reason">For people.</param>
public sealed record PrimaryLost(string Reason) : GroupEvent;

/// <summary>This node hears a quorum of its view again.</summary>
public sealed record PrimaryRegained : GroupEvent;

/// <summary>No quorum of the last view can ever answer: the cluster starts anew, and what only it knew is lost.</summary>
public sealed record GroupLost : GroupEvent;

/// <summary>The others went on without this node.</summary>
/// <param name="Reason">For people.</param>
public sealed record Excluded(string Reason) : GroupEvent;

/// <summary>The member is back with restored or cleared state; a view follows.</summary>
public sealed record Reset : GroupEvent;

/// <summary>The member left.</summary>
public sealed record Left : GroupEvent;
