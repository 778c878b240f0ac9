using System;
using System.Linq;
using GroupComm.Core;
using GroupComm.Runtime.Delivery;

namespace GroupComm.Runtime.Turn;

// From one life of the node to the next, in the same process (docs/decisions/0016). The queues keep the order: what the old
// life delivered, its end, the reset, the first view of the new one.
internal partial class NodeTurn
{
    /// <summary>Whoever asked to leave does not come back.</summary>
    private bool MayReturn => _rejoins && !_core.IsLeaving;

    /// <summary>The life is over and another begins: the members wait to be joined again, under their names.</summary>
    private void Return(GroupEvent ending, GroupStatus status, string reason)
    {
        foreach (ViewStreams streams in _streams)
            streams.DropFragments();
        foreach (Member member in _members.Values.OrderBy(member => member.Slot))
        {
            member.Handle.Entry = null;
            if (member.IsRemoved)
            {
                member.Evict();
                continue;
            }
            member.GiveUpStates(); // of another life; the pump must not wait for what nobody sends any more
            Tell(member, new DeliveryItem(null, new MemberNotice(ending, Away: status)));
            _joining.Add(member.Slot, member);
        }
        _members.Clear();
        foreach (Member member in _joining.Values.Where(member => member.IsLeaving).ToArray())
        {
            _joining.Remove(member.Slot);
            Refuse(member, new MemberNotice(new Left(), Ends: GroupStatus.Left), new JoinException(JoinStep.Admission, "the join was given up"));
        }
        _parts.Groups.Clear();
        _view = null;
        _told.Add(events => events.Away(reason));
        _parts.Receipts.Lose(reason);
        Desk.End(() => new NotPrimaryException(reason), reason);
        _parts.Links.Dialer.KeepAll();
        BeginAgain(Math.Max(_options.Self.Id.Incarnation + 1, Clock.WallMs), reason);
    }

    private void BeginAgain(long incarnation, string? away)
    {
        NodeId self = new(_options.Self.Id.Name, incarnation);
        _options = _options with
        {
            Self = _options.Self with { Id = self },
            WallClockMs = Clock.WallMs,
            HighestEpoch = _core.HighestEpoch,
            Returns = away is not null,
        };
        RuntimeLog.NewIncarnation(_parts.Log, self);
        _core = Begin(_options, away);
        _parts.Trace?.Restart(self);
        _told.Add(events => events.Restarted(self));
        _parts.Links.ChangeIdentity(self);
        // The new core must hear of those who wait for their first view; its effects come with the next turn.
        EffectList later = new();
        foreach (Member member in _joining.Values.OrderBy(member => member.Slot))
            _core.ChangeGroup(member.JoinChange, later);
        Invariant.Holds(later.Count == 0, "VS-3", "a core without a view acted on a group");
    }
}
