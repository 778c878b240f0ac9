using System.Collections.Generic;
using GroupComm.Core.Messages;

namespace GroupComm.Core;

/// <summary>An installed cluster view, as told to the owner.</summary>
/// <param name="Key">The view.</param>
/// <param name="Members">By rank.</param>
/// <param name="OwnRank">This node's rank.</param>
/// <param name="Departed">Who is gone, and why.</param>
/// <param name="Transitional">Who came along from this node's previous view; only itself after a join.</param>
/// <param name="FeatureLevel">What all of its members can speak.</param>
internal sealed record InstalledView(
    ViewKey Key, IReadOnlyList<NodeInfo> Members, int OwnRank, IReadOnlyList<Departure> Departed, IReadOnlyList<NodeId> Transitional,
    int FeatureLevel);

/// <summary>The old view ended; before this, safe meant the whole old view (law VS-10).</summary>
internal sealed record TransitionalSet(ViewKey Old, IReadOnlyList<NodeId> Members);

/// <summary>An installed group view, as told to the owner at every node of the cluster, hosting members or not.</summary>
/// <param name="Group">The group after the install.</param>
/// <param name="View">The cluster view in which it was installed.</param>
/// <param name="Joined">New members.</param>
/// <param name="Left">Members that went.</param>
/// <param name="Reason">For people.</param>
internal sealed record InstalledGroupView(
    GroupState Group, ViewKey View, IReadOnlyList<GroupMember> Joined, IReadOnlyList<GroupMember> Left, string Reason)
{
    /// <summary>Members whose state is captured at this very install, by the donor that <see cref="GroupMember.Awaits"/> names:
    /// it has handled all that came before the view, and nothing that comes after it.</summary>
    public IReadOnlyList<GroupMember> Transfers { get; init; } = [];

    /// <summary>Members, and joiners that never became one, for whom no state is left.</summary>
    public IReadOnlyList<GroupMember> Stateless { get; init; } = [];

    /// <summary>Members that begin without the state that was lost, as the group's traits say.</summary>
    public IReadOnlyList<GroupMember> Emptied { get; init; } = [];
}

/// <summary>A join or leave of a member on this node that the agreed table refused.</summary>
internal sealed record GroupRefusal(string Group, int Slot, string Member, string Reason);
