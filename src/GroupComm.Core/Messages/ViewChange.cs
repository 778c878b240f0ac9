using System;
using System.Collections.Generic;

namespace GroupComm.Core.Messages;

/// <summary>P1: a ballot is a round and the rank of its proposer. Default is below every ballot.</summary>
internal readonly record struct Ballot(long Round, int Rank) : IComparable<Ballot>
{
    public int CompareTo(Ballot other) => Round != other.Round ? Round.CompareTo(other.Round) : Rank.CompareTo(other.Rank);

    public static bool operator <(Ballot left, Ballot right) => left.CompareTo(right) < 0;

    public static bool operator >(Ballot left, Ballot right) => left.CompareTo(right) > 0;

    public static bool operator <=(Ballot left, Ballot right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Ballot left, Ballot right) => left.CompareTo(right) >= 0;

    public override string ToString() => $"{Round}.{Rank}";
}

/// <summary>What a view change decides (docs/protocol/view-change.md): everything that a member needs to end the old view.</summary>
/// <param name="Next">The next view.</param>
/// <param name="Members">Its members by rank; empty when all left.</param>
/// <param name="Cut">Per old rank: the last sequence that is delivered in the old view.</param>
/// <param name="SequenceBase">Every old member holds the orders up to here.</param>
/// <param name="Sequence">The final agreed sequence after the base.</param>
/// <param name="Departed">Old members that are not in the next view, and why.</param>
/// <param name="Leavers">Those of them that asked to leave: they deliver the cut.</param>
/// <param name="Founders">Names of the first view's members; only they may bootstrap again.</param>
/// <param name="FeatureLevel">Minimum of the members' maxima.</param>
internal sealed record ViewValue(
    ViewKey Next,
    IReadOnlyList<NodeInfo> Members,
    long[] Cut,
    long SequenceBase,
    OrderRun[] Sequence,
    IReadOnlyList<Departure> Departed,
    IReadOnlyList<NodeId> Leavers,
    IReadOnlyList<string> Founders,
    int FeatureLevel);

/// <summary>P3: stop data of this view and answer.</summary>
/// <param name="view">The view to close.</param>
/// <param name="ballot">The proposer's ballot.</param>
/// <param name="founders">In the pseudo view 0: its members by rank; else null.</param>
internal sealed class Wedge(ViewKey view, Ballot ballot, IReadOnlyList<NodeInfo>? founders) : Message(view)
{
    public override MessageKind Kind => MessageKind.Wedge;

    public Ballot Ballot { get; } = ballot;

    public IReadOnlyList<NodeInfo>? Founders { get; } = founders;
}

/// <summary>P3: the promise, with all that the proposer must know of this member.</summary>
internal sealed class Wedged(
    ViewKey view, Ballot ballot, Ballot acceptedBallot, ViewValue? accepted, long[] received, long orderBase, OrderRun[] orders, ulong hears, bool leaving)
    : Message(view)
{
    public override MessageKind Kind => MessageKind.Wedged;

    public Ballot Ballot { get; } = ballot;

    public Ballot AcceptedBallot { get; } = acceptedBallot;

    public ViewValue? Accepted { get; } = accepted;

    /// <summary>Per rank: the stream is held without a gap up to here.</summary>
    public ReadOnlySpan<long> Received => received;

    /// <summary>The order log after this number.</summary>
    public long OrderBase { get; } = orderBase;

    public ReadOnlySpan<OrderRun> Orders => orders;

    public ulong Hears { get; } = hears;

    public bool Leaving { get; } = leaving;
}

/// <summary>P2: the ballot is below what was promised.</summary>
internal sealed class Refused(ViewKey view, Ballot ballot, Ballot promise) : Message(view)
{
    public override MessageKind Kind => MessageKind.Refused;

    /// <summary>The ballot that is refused.</summary>
    public Ballot Ballot { get; } = ballot;

    public Ballot Promise { get; } = promise;
}

/// <summary>P9: asks for bodies of old streams: of each rank, those after <see cref="After"/> up to <see cref="UpTo"/>.</summary>
internal sealed class Pull(ViewKey view, long[] after, long[] upTo) : Message(view)
{
    public override MessageKind Kind => MessageKind.Pull;

    public ReadOnlySpan<long> After => after;

    public ReadOnlySpan<long> UpTo => upTo;
}

/// <summary>Answers <see cref="Pull"/>: bundles of old streams, in stream order.</summary>
internal sealed class Bodies(ViewKey view, IReadOnlyList<Bundle> bundles) : BundlesMessage(view, bundles)
{
    public override MessageKind Kind => MessageKind.Bodies;
}

/// <summary>P9, P10: the value and the bodies that the receiver is known to lack.</summary>
internal sealed class Propose(ViewKey view, Ballot ballot, ViewValue value, IReadOnlyList<Bundle> bundles) : BundlesMessage(view, bundles)
{
    public override MessageKind Kind => MessageKind.Propose;

    public Ballot Ballot { get; } = ballot;

    public ViewValue Value { get; } = value;
}

/// <summary>P10: the sender accepted the ballot's value and holds every body of its cut.</summary>
internal sealed class Accepted(ViewKey view, Ballot ballot) : Message(view)
{
    public override MessageKind Kind => MessageKind.Accepted;

    public Ballot Ballot { get; } = ballot;
}

/// <summary>P11, P14: what followed the view. To a joiner it carries the group table; bundles are those that the receiver may lack.</summary>
internal sealed class Decide(ViewKey view, int oldSize, ViewValue value, GroupTableState? table, IReadOnlyList<Bundle> bundles) : BundlesMessage(view, bundles)
{
    public override MessageKind Kind => MessageKind.Decide;

    /// <summary>Number of members of the old view (length of the cut).</summary>
    public int OldSize { get; } = oldSize;

    public ViewValue Value { get; } = value;

    public GroupTableState? Table { get; } = table;
}

/// <summary>P14: asks what followed the view; default view: the asker has none. Says what it holds of the streams.</summary>
internal sealed class Help(ViewKey view, long[] received) : Message(view)
{
    public override MessageKind Kind => MessageKind.Help;

    public ReadOnlySpan<long> Received => received;
}

/// <summary>The sender is in this view; the receiver, being in an older one, should ask for help.</summary>
internal sealed class Notice(ViewKey view) : Message(view)
{
    public override MessageKind Kind => MessageKind.Notice;
}

/// <summary>P13: the receiver is not in the sender's view, nor in any on the way to it.</summary>
internal sealed class Gone(ViewKey view, string reason) : Message(view)
{
    public override MessageKind Kind => MessageKind.Gone;

    public string Reason { get; } = reason;
}

/// <summary>The sender asks to leave; repeated until the next view.</summary>
internal sealed class Leave(ViewKey view) : Message(view)
{
    public override MessageKind Kind => MessageKind.Leave;
}
