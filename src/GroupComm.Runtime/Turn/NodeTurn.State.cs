using GroupComm.Core;
using GroupComm.Core.Messages;
using GroupComm.Runtime.Delivery;
using GroupComm.Runtime.State;

namespace GroupComm.Runtime.Turn;

// State transfers, placed into the members' queues at the install of their point.
internal partial class NodeTurn
{
    private void Capture(InstalledGroupView installed, GroupViewId view)
    {
        foreach (GroupMember joiner in installed.Transfers)
        {
            StateSource source = joiner.Awaits!;
            if (source.Donor != _options.Self.Id || !_members.TryGetValue(source.DonorSlot, out Member? donor))
                continue;
            StateKey key = new(installed.Group.Number, joiner.Slot, source.Donor, source.Point);
            Tell(donor, new DeliveryItem(null, donor.Prepare(new CaptureWork(key, view, InfoOf(joiner.Node)))));
        }
    }

    private void Await(InstalledGroupView installed, GroupViewId view)
    {
        foreach (GroupMember joiner in installed.Transfers)
        {
            if (joiner.Node != _options.Self.Id || !_members.TryGetValue(joiner.Slot, out Member? member))
                continue;
            bool fresh = false;
            foreach (GroupMember joined in installed.Joined)
                fresh |= joined.Is(joiner.Node, joiner.Slot);
            StateSource source = joiner.Awaits!;
            StateKey key = new(installed.Group.Number, joiner.Slot, source.Donor, source.Point);
            RuntimeLog.StateAwaited(_parts.Log, member.Name, installed.Group.Name, source.Donor, view, installed.Reason);
            Tell(member, new DeliveryItem(null, member.Prepare(new AwaitWork(key, view, fresh))));
        }
        foreach (GroupMember emptied in installed.Emptied)
            if (emptied.Node == _options.Self.Id && _members.TryGetValue(emptied.Slot, out Member? member))
                Tell(member, new DeliveryItem(null, member.Prepare(new EmptyWork())));
        foreach (GroupMember lost in installed.Stateless)
            if (lost.Node == _options.Self.Id)
                LoseState(lost, installed.Group.Name);
    }

    private void LoseState(GroupMember lost, string group)
    {
        StateTransferException error = new(
            $"'{group}' was not joined: no state left, all members that had it are gone; join again to begin the group anew");
        if (_joining.Remove(lost.Slot, out Member? joining))
            Refuse(joining, new MemberNotice(new Left(), Ends: GroupStatus.Left), error);
        else if (_members.TryGetValue(lost.Slot, out Member? member))
            member.LoseState(error);
    }

    private NodeInfo InfoOf(NodeId node)
    {
        foreach (NodeInfo member in _view!.Members)
            if (member.Id == node)
                return member;
        return new NodeInfo(node, "");
    }
}
