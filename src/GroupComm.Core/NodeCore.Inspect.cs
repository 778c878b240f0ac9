using System.Collections.Generic;
using GroupComm.Core.Groups;
using GroupComm.Core.Inspection;
using GroupComm.Core.Messages;

namespace GroupComm.Core;

// What people ask: why is it waiting? Invariant: reading changes nothing, and nothing here is read by the protocol.
internal sealed partial class NodeCore
{
    /// <summary>Where the node stands, between two inputs.</summary>
    public NodeInspection Inspect(long now)
    {
        if (_view is not { Key.IsBootstrap: false } view)
            return new NodeInspection(
                null, 0, false, _finished ? "this node has ended" : DescribeWaiting(), [], [], 0, default,
                new FlowInspection(_gate.Unconsumed, _options.SendWindow, 0, 0), [], _changes.Count, null);
        (List<WaitingMessage> waiting, long count) = WaitingScan.Of(view);
        return new NodeInspection(
            view.Key, view.OwnRank, _primary, null, InspectMembers(view, now), waiting, count,
            new OrderInspection(view.Orders.End, view.Orders.Delivered, view.Orders.Acknowledged, view.SafeNumber),
            InspectFlow(view), InspectGroups(view), _changes.Count, InspectChange(view, now));
    }

    /// <summary>The groups by number, as they are now.</summary>
    public IEnumerable<(int Number, string Name)> GroupNames
    {
        get
        {
            foreach (Group group in _table.Groups)
                yield return (group.Number, group.Name);
        }
    }

    private static MemberInspection[] InspectMembers(ViewState view, long now)
    {
        var members = new MemberInspection[view.Size];
        for (int rank = 0; rank < members.Length; rank++)
        {
            long stable = view.Acks.Stable(rank);
            ulong behind = 0;
            for (int other = 0; other < members.Length; other++)
                if (view.Acks.HeldBy(other)[rank] == stable && stable < view.Streams[rank].Received)
                    behind |= 1UL << other;
            ulong hears = rank == view.OwnRank ? view.Detector.Hears & view.Detector.All : view.Detector.All & ~view.Detector.NotHeardBy(rank);
            members[rank] = new MemberInspection(
                view.Members[rank], view.Detector.Reason(rank), view.Detector.Silence(rank, now), hears, view.Streams[rank].Received, view.Held[rank],
                view.Passed[rank], stable, behind, view.Acks.OrderedBy(rank), view.Acks.OwnConsumedBy(rank));
        }
        return members;
    }

    private FlowInspection InspectFlow(ViewState view)
    {
        long least = view.Acks.OwnConsumed(), sent = view.Own.Received;
        ulong behind = 0;
        for (int rank = 0; rank < view.Size && _gate.Unconsumed > 0; rank++)
            if (view.Acks.OwnConsumedBy(rank) == least && least < sent)
                behind |= 1UL << rank;
        return new FlowInspection(_gate.Unconsumed, _options.SendWindow, sent, behind);
    }

    private List<GroupChangeInspection> InspectGroups(ViewState view)
    {
        List<GroupChangeInspection> open = [];
        foreach (Group group in _table.Groups)
            if (group.ChangeOpen)
                open.Add(new GroupChangeInspection(group.Name, group.Waiting.Count, view.Detector.All & ~group.Marks));
        return open;
    }

    private static ChangeInspection? InspectChange(ViewState view, long now)
    {
        Flush.ChangeState change = view.Change;
        if (!change.Wedged && change.NeededSince < 0 && change.Proposer is null)
            return null;
        Ballot ballot = change.Promised;
        return new ChangeInspection(
            change.Wedged, change.NeededSince < 0 ? -1 : now - change.NeededSince, ballot.ToString(),
            ballot.Round > 0 && ballot.Rank < view.Size ? view.Members[ballot.Rank].Id : null,
            change.Proposer is { } own ? view.Detector.All & ~(own.Value is null ? own.Answered : own.AcceptedBy) : 0, view.Leaving);
    }
}
