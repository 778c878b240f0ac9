using System.Collections.Generic;
using GroupComm.Core;
using GroupComm.Core.Messages;

namespace GroupComm.Runtime.Delivery;

/// <summary>A group view as this node uses it: the public view, and the members by node and slot.</summary>
internal sealed class LocalGroupView
{
    private readonly Dictionary<(NodeId Node, int Slot), MemberId> _members = [];
    private readonly HashSet<(NodeId Node, int Slot)> _present = [];

    public LocalGroupView(InstalledGroupView installed, LocalGroupView? before)
    {
        GroupState group = installed.Group;
        // An agreed-only group may deliver messages of a member that has just left.
        if (before is not null)
            foreach (KeyValuePair<(NodeId, int), MemberId> known in before._members)
                if (!before.IsGone(known.Key))
                    _members[known.Key] = known.Value;
        foreach (GroupMember member in group.Members)
        {
            _members[(member.Node, member.Slot)] = Id(member);
            _present.Add((member.Node, member.Slot));
        }
        View = new GroupView(
            group.Name,
            new GroupViewId(group.InstalledIn, group.ViewNumber),
            Ids(group.Members), Ids(installed.Joined), Ids(installed.Left), installed.Reason,
            FencingToken.Create(installed.View.Epoch, group.InstalledIn, group.ViewNumber));
    }

    public GroupView View { get; }

    /// <summary>The node as this view knows it.</summary>
    public NodeId Self { get; init; }

    public MemberId? Find(NodeId node, int slot) => slot != 0 && _members.TryGetValue((node, slot), out MemberId id) ? id : null;

    /// <summary>The slot of a member of this view; 0 when it is none.</summary>
    public int SlotOf(MemberId member)
    {
        foreach ((NodeId node, int slot) in _present)
            if (node == member.Node && _members[(node, slot)] == member)
                return slot;
        return 0;
    }

    private bool IsGone((NodeId, int) key) => !_present.Contains(key);

    private static MemberId Id(GroupMember member) => new(member.Node, member.Name);

    private static MemberId[] Ids(IReadOnlyList<GroupMember> members)
    {
        MemberId[] ids = new MemberId[members.Count];
        for (int i = 0; i < ids.Length; i++)
            ids[i] = Id(members[i]);
        return ids;
    }
}
