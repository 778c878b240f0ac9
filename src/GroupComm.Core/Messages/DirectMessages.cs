using System;
using System.Collections.Generic;

namespace GroupComm.Core.Messages;

/// <summary>What a unicast is for.</summary>
internal enum DirectKind : byte
{
    /// <summary>A message for the target member's handler.</summary>
    Message = 0,

    /// <summary>An answer to a query of the receiver.</summary>
    Reply = 1,

    /// <summary>The answerer failed; the payload is the reason in UTF-8.</summary>
    ReplyError = 2,
}

/// <summary>One unicast from a member to a member.</summary>
/// <param name="Kind">What it is for.</param>
/// <param name="Group">The group's number in the table.</param>
/// <param name="GroupView">The group view in which it was sent: a receiver that has not installed it waits.</param>
/// <param name="Target">The target member's slot on the receiving node.</param>
/// <param name="Sender">The sending member's slot.</param>
/// <param name="TypeId">Type of a typed message.</param>
/// <param name="QueryView">A reply: the view in the query's message id.</param>
/// <param name="QuerySequence">A reply: the sequence in the query's message id.</param>
/// <param name="Payload">Its bytes; never changed.</param>
internal sealed record DirectItem(
    DirectKind Kind, int Group, long GroupView, int Target, int Sender, string? TypeId, long QueryView, long QuerySequence, ReadOnlyMemory<byte> Payload)
{
    /// <summary>What it takes of a window: its bytes and its head.</summary>
    public int Size => Payload.Length + 64;
}

/// <summary>Unicasts <paramref name="first"/>, <paramref name="first"/> + 1 … of the sender to the receiver. The stream
/// belongs to the two identities and the epoch, not to the view (docs/decisions/0018).</summary>
internal sealed class Direct(ViewKey view, long first, IReadOnlyList<DirectItem> items) : Message(view)
{
    public override MessageKind Kind => MessageKind.Direct;

    public long First { get; } = first;

    public IReadOnlyList<DirectItem> Items { get; } = items;
}

/// <summary>The receiver has the unicasts up to <paramref name="received"/>, and its members have handled those up to
/// <paramref name="consumed"/>. Both are cumulative.</summary>
internal sealed class DirectAck(ViewKey view, long received, long consumed) : Message(view)
{
    public override MessageKind Kind => MessageKind.DirectAck;

    public long Received { get; } = received;

    public long Consumed { get; } = consumed;
}
