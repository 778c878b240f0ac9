using System.Collections.Generic;

namespace GroupComm.Core.Messages;

/// <summary>A member of a group on the cluster's nodes.</summary>
/// <param name="Node">Its node.</param>
/// <param name="Slot">Its number on that node, from 1, never used again in that node's life.</param>
/// <param name="Name">Its name.</param>
/// <param name="Provider">It can capture and restore the group's state.</param>
/// <param name="Awaits">Where its state comes from while it has none; null: it has state, or there is none to have.</param>
internal sealed record GroupMember(NodeId Node, int Slot, string Name, bool Provider = false, StateSource? Awaits = null)
{
    public bool Is(NodeId node, int slot) => Slot == slot && Node == node;
}

/// <summary>One attempt to give a member its state.</summary>
/// <param name="Point">Number of the group view at whose install the donor captures: what came before it is in the state.</param>
/// <param name="Donor">The donor's node.</param>
/// <param name="DonorSlot">The donor's slot there.</param>
internal sealed record StateSource(long Point, NodeId Donor, int DonorSlot);

/// <summary>What travels with the change that creates a group, and never changes.</summary>
/// <param name="Open">Nodes without a member may send.</param>
/// <param name="AgreedOnly">Agreed and safe messages only.</param>
/// <param name="StartEmpty">When nobody with state is left, those who wait for it begin with none instead of failing.</param>
internal sealed record GroupTraits(bool Open, bool AgreedOnly, bool StartEmpty = false);

/// <summary>An agreed join or leave of one member.</summary>
/// <param name="Join">Join, else leave.</param>
/// <param name="Group">The group's name.</param>
/// <param name="Slot">The member's slot on the sending node.</param>
/// <param name="Member">The member's name.</param>
/// <param name="Traits">What the joiner states; null: whatever the group has.</param>
/// <param name="Reason">For people.</param>
/// <param name="Provider">The joiner can capture and restore the group's state.</param>
internal sealed record GroupChange(bool Join, string Group, int Slot, string Member, GroupTraits? Traits, string Reason, bool Provider = false);

/// <summary>The sending node has put everything of the old group view before this.</summary>
/// <param name="Group">The group's number.</param>
/// <param name="NextView">The number of the group view that the change will install.</param>
internal sealed record GroupMark(int Group, long NextView);

/// <summary>The sending node's member has restored the group's state: from here on it has state.</summary>
/// <param name="Group">The group's number.</param>
/// <param name="Slot">The member's slot on the sending node.</param>
internal sealed record StateDone(int Group, int Slot);

/// <summary>The attempt to give the sending node's member its state failed: another donor, at another point.</summary>
/// <param name="Group">The group's number.</param>
/// <param name="Slot">The member's slot on the sending node.</param>
/// <param name="Point">Which attempt it was.</param>
internal sealed record StateRetry(int Group, int Slot, long Point);

/// <summary>A group as a joiner of the cluster gets it.</summary>
/// <param name="Number">Its number in the table.</param>
/// <param name="Name">Its name.</param>
/// <param name="Traits">Its traits.</param>
/// <param name="ViewNumber">The number of its view.</param>
/// <param name="InstalledIn">The cluster view in which that view was installed.</param>
/// <param name="Members">By seniority.</param>
internal sealed record GroupState(int Number, string Name, GroupTraits Traits, long ViewNumber, long InstalledIn, IReadOnlyList<GroupMember> Members);

/// <summary>The table of groups at the install of a view: identical at every member.</summary>
/// <param name="NextNumber">The number of the next new group.</param>
/// <param name="HighestView">The highest group view number of any group that ended: a later group of the name begins above it.</param>
/// <param name="Groups">By number.</param>
internal sealed record GroupTableState(int NextNumber, long HighestView, IReadOnlyList<GroupState> Groups)
{
    public static readonly GroupTableState Empty = new(1, 0, []);
}
