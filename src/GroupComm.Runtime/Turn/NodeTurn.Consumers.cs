using GroupComm.Core.Flow;
using GroupComm.Core.Messages;
using GroupComm.Runtime.Delivery;

namespace GroupComm.Runtime.Turn;

// Members that do not consume (protocol.md section 6): the member's own node asks for its leave.
internal partial class NodeTurn
{
    private const long LookInterval = 50;

    private readonly System.Collections.Generic.List<Member> _ending = []; // they left, and have not handled what was delivered before

    private long _lookedAt;

    private void WatchConsumers(long now)
    {
        if (now - _lookedAt < LookInterval)
            return;
        _lookedAt = now;
        WatchEnding(now);
        foreach (Member member in _members.Values)
        {
            switch (member.Look(now))
            {
                case ConsumerVerdict.Fine:
                    break;
                case ConsumerVerdict.Report:
                    _parts.Events.SlowConsumer(member, member.Stands(now), removed: false);
                    break;
                case ConsumerVerdict.Remove:
                    _parts.Events.SlowConsumer(member, member.Stands(now), removed: true);
                    _core.ChangeGroup(
                        new GroupChange(Join: false, member.Handle.Name, member.Slot, member.Name, null, ConsumerWatch.Reason), _effects);
                    break;
                default:
                    throw new System.InvalidOperationException("unknown verdict");
            }
        }
    }

    /// <summary>The member is in no view any more: the usual end stands in its queue, a removed member gets it at once.</summary>
    private void EndMember(Member member)
    {
        if (member.IsRemoved)
        {
            member.Evict();
            return;
        }
        Tell(member, new DeliveryItem(null, new MemberNotice(new Left(), Ends: GroupStatus.Left)));
        _ending.Add(member);
    }

    /// <summary>Who has left still owes credit for what was delivered to it before.</summary>
    private void WatchEnding(long now)
    {
        for (int i = _ending.Count - 1; i >= 0; i--)
        {
            Member member = _ending[i];
            if (member.Ended is null && member.Look(now) != ConsumerVerdict.Remove)
                continue;
            if (member.Ended is null)
                member.Evict();
            _ending.RemoveAt(i);
        }
    }
}
