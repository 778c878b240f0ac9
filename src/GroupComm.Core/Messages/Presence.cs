using System.Collections.Generic;

namespace GroupComm.Core.Messages;

/// <summary>Goes to all members at every interval; of fixed size. Says how far the own stream and the order log go, so
/// that a lost tail is noticed (docs/decisions/0007).</summary>
/// <param name="view">The sender's view.</param>
/// <param name="sent">Last sequence of the own stream.</param>
/// <param name="ordered">Last number in the own order log.</param>
/// <param name="hears">Bit r: the sender hears rank r.</param>
/// <param name="leaving">The sender asks to leave.</param>
internal sealed class Heartbeat(ViewKey view, long sent, long ordered, ulong hears, bool leaving) : Message(view)
{
    public override MessageKind Kind => MessageKind.Heartbeat;

    public long Sent { get; } = sent;

    public long Ordered { get; } = ordered;

    public ulong Hears { get; } = hears;

    public bool Leaving { get; } = leaving;
}

/// <summary>A node without a view says who it is and whom it sees; to members it is the request to join.</summary>
/// <param name="self">The seeker.</param>
/// <param name="expected">How many nodes it expects before a first view.</param>
/// <param name="highestEpoch">The highest epoch it has heard of.</param>
/// <param name="sees">Whom it hears: seekers and members whose reply reached it.</param>
/// <param name="boundTo">Tag of the founders' set whose first view it has accepted, or 0.</param>
internal sealed class Seek(NodeInfo self, int expected, long highestEpoch, IReadOnlyList<NodeInfo> sees, long boundTo) : Message(default)
{
    public override MessageKind Kind => MessageKind.Seek;

    public NodeInfo Self { get; } = self;

    public int Expected { get; } = expected;

    public long HighestEpoch { get; } = highestEpoch;

    public IReadOnlyList<NodeInfo> Sees { get; } = sees;

    public long BoundTo { get; } = boundTo;
}

/// <summary>A member answers a seeker: there is a view, and these are its members.</summary>
internal sealed class Known(ViewKey view, IReadOnlyList<NodeInfo> members) : Message(view)
{
    public override MessageKind Kind => MessageKind.Known;

    public IReadOnlyList<NodeInfo> Members { get; } = members;
}

/// <summary>Why a seeker is not admitted.</summary>
internal enum JoinRefusal : byte
{
    /// <summary>Another live node has its name.</summary>
    NameInUse = 1,

    /// <summary>A later incarnation of its name is known: come back with <see cref="JoinRefused.Incarnation"/> + 1.</summary>
    StaleIncarnation = 2,

    /// <summary>All members left.</summary>
    ClusterEnded = 3,

    /// <summary>The cluster speaks another range of versions.</summary>
    Version = 4,
}

/// <summary>Tells a seeker why it is not admitted.</summary>
internal sealed class JoinRefused(ViewKey view, JoinRefusal reason, long incarnation) : Message(view)
{
    public override MessageKind Kind => MessageKind.JoinRefused;

    public JoinRefusal Reason { get; } = reason;

    public long Incarnation { get; } = incarnation;
}

/// <summary>A node that noticed its own pause asks whether its view still stands.</summary>
internal sealed class Probe(ViewKey view, long nonce) : Message(view)
{
    public override MessageKind Kind => MessageKind.Probe;

    public long Nonce { get; } = nonce;
}

/// <summary>The answerer is in the view that <see cref="Message.View"/> names.</summary>
internal sealed class ProbeReply(ViewKey view, long nonce) : Message(view)
{
    public override MessageKind Kind => MessageKind.ProbeReply;

    public long Nonce { get; } = nonce;
}
