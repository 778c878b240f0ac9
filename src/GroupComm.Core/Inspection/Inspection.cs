using System.Collections.Generic;
using GroupComm.Core.Messages;

namespace GroupComm.Core.Inspection;

/// <summary>
/// Where a node stands, read between two inputs: what waits, and for whom. Numbers and ranks only; sentences are made where
/// people read them. Taking one changes nothing, and nothing in the protocol reads it.
/// </summary>
/// <param name="View">The installed view; null before the first.</param>
/// <param name="OwnRank">This node's rank in it.</param>
/// <param name="Primary">It hears a quorum.</param>
/// <param name="Seeking">Without a view: what it waits for, for people.</param>
/// <param name="Members">By rank; empty without a view.</param>
/// <param name="Waiting">The first messages of each stream that are here and not delivered.</param>
/// <param name="WaitingCount">How many are here and not delivered.</param>
/// <param name="Orders">The agreed order.</param>
/// <param name="Flow">The send window.</param>
/// <param name="Groups">Group changes under way.</param>
/// <param name="ChangesWaiting">Own joins and leaves that wait for a primary view.</param>
/// <param name="Change">The view change under way; null when the view goes on.</param>
internal sealed record NodeInspection(
    ViewKey? View, int OwnRank, bool Primary, string? Seeking, IReadOnlyList<MemberInspection> Members, IReadOnlyList<WaitingMessage> Waiting,
    long WaitingCount, OrderInspection Orders, FlowInspection Flow, IReadOnlyList<GroupChangeInspection> Groups, int ChangesWaiting,
    ChangeInspection? Change);

/// <summary>One member of the view, and its stream as it stands here.</summary>
/// <param name="Node">Who.</param>
/// <param name="Suspicion">Why it is suspected; null while it is not.</param>
/// <param name="Silence">Milliseconds since anything was heard of it.</param>
/// <param name="Hears">Bit r: it says that it hears rank r. Of this node: what it hears itself.</param>
/// <param name="Received">Its stream is here up to this sequence,</param>
/// <param name="Held">with its causal past up to this,</param>
/// <param name="Delivered">and delivered or passed over up to this.</param>
/// <param name="Stable">Every member is known to hold it up to this: the stability frontier.</param>
/// <param name="HeldBackBy">Bit r: rank r keeps the frontier from advancing.</param>
/// <param name="Ordered">It holds everything up to this agreed number.</param>
/// <param name="OwnConsumed">It has consumed this node's stream up to this sequence.</param>
internal readonly record struct MemberInspection(
    NodeInfo Node, string? Suspicion, long Silence, ulong Hears, long Received, long Held, long Delivered, long Stable, ulong HeldBackBy, long Ordered,
    long OwnConsumed);

/// <summary>Why a message that is here is not delivered.</summary>
internal enum WaitReason
{
    /// <summary>An earlier message of the same stream waits.</summary>
    Stream,

    /// <summary>The rest of a large message is not here yet.</summary>
    Fragments,

    /// <summary>A message that its sender had delivered before is not here, or not delivered here.</summary>
    Causal,

    /// <summary>It has no number yet, or other numbers come first.</summary>
    Order,

    /// <summary>Too few members are known to hold it.</summary>
    Stability,

    /// <summary>The view ends: what is delivered in it is being agreed.</summary>
    ViewChange,
}

/// <summary>Consecutive messages that wait for the same.</summary>
/// <param name="Rank">Of the sender.</param>
/// <param name="First">The first sequence.</param>
/// <param name="Count">How many.</param>
/// <param name="Kind">Of the application, or the protocol's own.</param>
/// <param name="Order">Their order.</param>
/// <param name="Group">Number of the group; 0 for none.</param>
/// <param name="Reason">Why they wait.</param>
/// <param name="On">Bit r: on rank r.</param>
/// <param name="Until">Causal: until this sequence of that rank. Order: the number before which others come, 0 without a number.
/// Stability: their own first number.</param>
internal readonly record struct WaitingMessage(
    int Rank, long First, int Count, SegmentKind Kind, DeliveryOrder Order, int Group, WaitReason Reason, ulong On, long Until);

/// <summary>The agreed order as this node knows it.</summary>
/// <param name="Assigned">The last number that was assigned.</param>
/// <param name="Delivered">The last that was delivered here.</param>
/// <param name="Acknowledged">All up to here are held here.</param>
/// <param name="Safe">All up to here are known to be held by enough.</param>
internal readonly record struct OrderInspection(long Assigned, long Delivered, long Acknowledged, long Safe);

/// <summary>The send window.</summary>
/// <param name="Used">Own bytes that the slowest member has not consumed.</param>
/// <param name="Limit">The window.</param>
/// <param name="Sent">Own messages that were sent in this view.</param>
/// <param name="HeldBackBy">Bit r: rank r has consumed least, and not everything.</param>
internal readonly record struct FlowInspection(long Used, long Limit, long Sent, ulong HeldBackBy);

/// <summary>A group whose next view waits for marks.</summary>
/// <param name="Name">The group.</param>
/// <param name="Changes">Joins and leaves in it.</param>
/// <param name="Missing">Bit r: the mark of rank r was not delivered yet.</param>
internal sealed record GroupChangeInspection(string Name, int Changes, ulong Missing);

/// <summary>A view change.</summary>
/// <param name="Wedged">Nothing of the view is sent or delivered any more.</param>
/// <param name="Since">Milliseconds since it was needed; -1 if this node does not know.</param>
/// <param name="Ballot">The highest ballot that was promised.</param>
/// <param name="Proposer">Whose ballot that is.</param>
/// <param name="Unanswered">Bit r: an own ballot waits for the answer of rank r.</param>
/// <param name="Leaving">Bit r: rank r asked to leave.</param>
internal sealed record ChangeInspection(bool Wedged, long Since, string Ballot, NodeId? Proposer, ulong Unanswered, ulong Leaving);
