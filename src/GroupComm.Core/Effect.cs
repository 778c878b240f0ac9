using GroupComm.Core.Messages;

namespace GroupComm.Core;

/// <summary>The closed set of what a core asks of its owner, in the order in which it must be done.</summary>
internal enum EffectKind : byte
{
    /// <summary>Send <see cref="Effect.Subject"/> (a <see cref="Message"/>) to node <see cref="Effect.Node"/>; dropped when there is no link.
    /// The list of effects holds a reference to the blocks of a message that is sent, until it is cleared.</summary>
    Send,

    /// <summary>Send <see cref="Effect.Subject"/> (a <see cref="Message"/>) to every other member of the current view; encode once.
    /// For a <see cref="Messages.Bundle"/> of this node the first time is the send itself (a trace line per message).</summary>
    Broadcast,

    /// <summary>Hand messages <see cref="Effect.First"/> … + <see cref="Effect.Count"/> - 1 of segment <see cref="Effect.Index"/> of
    /// bundle <see cref="Effect.Subject"/> to the members that the node hosts in the segment's group. <see cref="Effect.Number"/> is
    /// the agreed number of the first, 0 for fifo and causal. The effect holds a reference to the bundle's block.</summary>
    Deliver,

    /// <summary>The old view ends: <see cref="Effect.Subject"/> is the <see cref="TransitionalSet"/>. Comes right before <see cref="ViewInstalled"/>.</summary>
    Transitional,

    /// <summary><see cref="Effect.Subject"/> is an <see cref="InstalledView"/>.</summary>
    ViewInstalled,

    /// <summary><see cref="Effect.Subject"/> is an <see cref="InstalledGroupView"/>.</summary>
    GroupViewInstalled,

    /// <summary>A change of this node's member was refused: <see cref="Effect.Subject"/> is a <see cref="GroupRefusal"/>.</summary>
    GroupRefused,

    /// <summary>The member stopped sending, receiving and acknowledging data of its view (law VS-20).</summary>
    Wedged,

    /// <summary>Own stream up to <see cref="Effect.Number"/> is held by more than half and inside every later cut (receipt Safe).</summary>
    Safe,

    /// <summary>Own stream up to <see cref="Effect.Number"/> was delivered or passed here (receipt Delivered); after the Deliver effects.</summary>
    Delivered,

    /// <summary>No quorum is heard: <see cref="Effect.Subject"/> is the reason (string).</summary>
    PrimaryLost,

    /// <summary>A quorum of the same view is heard again.</summary>
    PrimaryRegained,

    /// <summary>Rank <see cref="Effect.Index"/> (node <see cref="Effect.Node"/>) is suspected; <see cref="Effect.Subject"/> is the reason (string).</summary>
    Suspected,

    /// <summary>The others went on without this node: the core is finished. <see cref="Effect.Subject"/> is the reason (string).</summary>
    Excluded,

    /// <summary>The node left: members were told; the core helps until <see cref="Finished"/>.</summary>
    Left,

    /// <summary>The core needs nothing more after <see cref="Left"/>: the process may end.</summary>
    Finished,

    /// <summary>No quorum of the last view can ever answer: the core seeks anew (data loss unless durable).</summary>
    GroupLost,

    /// <summary>The node was not admitted: <see cref="Effect.Subject"/> is a <see cref="JoinRefused"/>. The core is finished.</summary>
    JoinRefused,

    /// <summary>Link to these nodes: <see cref="Effect.Subject"/> is an IReadOnlyList of <see cref="NodeInfo"/> (all of them, replaces the former list).</summary>
    Peers,

    /// <summary>Hand the unicast <see cref="Effect.Subject"/> (a <see cref="DirectItem"/>), number <see cref="Effect.First"/> of node
    /// <see cref="Effect.Node"/>, to the member that it names; drop it when there is none. Answers to queries are told by
    /// <see cref="QueryAnswered"/> too, which counts.</summary>
    DeliverDirect,

    /// <summary>A member answered a query of this node, or departed: <see cref="Effect.Subject"/> is a <see cref="Queries.QueryAnswer"/>.</summary>
    QueryAnswered,

    /// <summary>A query of this node is over: <see cref="Effect.Subject"/> is a <see cref="Queries.QueryEnd"/>.</summary>
    QueryEnded,

    /// <summary>Barrier reads up to <see cref="Effect.Number"/> may be served after the deliveries before this (law VS-23).</summary>
    ReadReady,

    /// <summary>Barrier reads up to <see cref="Effect.Number"/> cannot be: <see cref="Effect.Subject"/> is the reason (string).</summary>
    ReadRefused,

    /// <summary>What a seeking node waits for, at most once a second: <see cref="Effect.Subject"/> is text.</summary>
    Waiting,
}

/// <summary>One thing to do. Which fields count, <see cref="EffectKind"/> says.</summary>
internal readonly record struct Effect(
    EffectKind Kind, NodeId Node = default, object? Subject = null, int Index = 0, int Count = 0, long First = 0, long Number = 0)
{
    public Bundle Bundle => (Bundle)Subject!;

    public Message Message => (Message)Subject!;

    public string Text => (string)Subject!;
}
