using System.Collections.Generic;
using GroupComm.Core.Messages;

namespace GroupComm.Core.Groups;

/// <summary>What a delivered change or mark did to the table.</summary>
/// <param name="Refused">Why the change was refused, or null.</param>
/// <param name="Installed">The group view that it installed, or null.</param>
/// <param name="Opened">Number of the group for which every node now owes a mark, or 0.</param>
internal readonly record struct GroupOutcome(string? Refused, InstalledGroupView? Installed, int Opened);

/// <summary>
/// The groups of the cluster: a state that every node computes alike, because it changes only by agreed messages and at
/// view installs. A change of a group's membership is installed at the last mark, or at the view install, whichever is
/// first. Source: docs/protocol/groups.md.
/// </summary>
internal sealed class GroupTable(ProtocolRules? rules = null)
{
    private readonly ProtocolRules _rules = rules ?? ProtocolRules.Correct;
    private readonly SortedList<int, Group> _groups = [];
    private int _nextNumber = 1;
    private long _highestView;

    public IEnumerable<Group> Groups => _groups.Values;

    public static GroupTable From(GroupTableState state, ProtocolRules? rules = null)
    {
        var table = new GroupTable(rules) { _nextNumber = state.NextNumber, _highestView = state.HighestView };
        foreach (GroupState group in state.Groups)
            table._groups.Add(group.Number, new Group(group));
        return table;
    }

    /// <summary>The table between two changes; only at a view install, where no change is open.</summary>
    public GroupTableState ToState()
    {
        var groups = new List<GroupState>(_groups.Count);
        foreach (Group group in _groups.Values)
            groups.Add(group.ToState());
        return new GroupTableState(_nextNumber, _highestView, groups);
    }

    public Group? Find(int number) => _groups.TryGetValue(number, out Group? group) ? group : null;

    /// <summary>Whether that view of the group, or a later one, was installed here; a group that is gone has reached all.</summary>
    public bool HasReached(int number, long view) => _groups.TryGetValue(number, out Group? group) ? group.ViewNumber >= view : number < _nextNumber;

    public Group? Find(string name)
    {
        foreach (Group group in _groups.Values)
            if (group.Name == name)
                return group;
        return null;
    }

    /// <summary>A delivered change of <paramref name="node"/>'s member.</summary>
    public GroupOutcome Apply(NodeId node, GroupChange change, ViewKey view, bool withoutMarks)
    {
        Group? group = Find(change.Group);
        if (group is null)
        {
            if (!change.Join)
                return new GroupOutcome("the group does not exist", null, 0);
            group = new Group(_nextNumber++, change.Group, change.Traits ?? new GroupTraits(true, false), _highestView);
            _groups.Add(group.Number, group);
            group.Waiting.Add(new WaitingChange(node, change));
            return new GroupOutcome(null, Install(group, view), 0);
        }
        if (group.Refuses(node, change) is string reason)
            return new GroupOutcome(reason, null, 0);
        return Wait(group, new WaitingChange(node, change), view, withoutMarks);
    }

    /// <summary>A delivered <see cref="StateDone"/> of <paramref name="node"/>.</summary>
    public void Apply(NodeId node, StateDone done) => Find(done.Group)?.StateDone(node, done.Slot);

    /// <summary>A delivered <see cref="StateRetry"/> of <paramref name="node"/>: a change without a change of members, because
    /// another donor can capture at an install only. What is about an earlier attempt counts for nothing.</summary>
    public GroupOutcome Apply(NodeId node, StateRetry retry, ViewKey view, bool withoutMarks)
    {
        if (Find(retry.Group) is not { } group || group.Awaiting(node, retry.Slot, retry.Point) is not { } member)
            return default;
        var restart = new GroupChange(false, group.Name, member.Slot, member.Name, null, "state transfer restarted");
        return Wait(group, new WaitingChange(node, restart, retry.Point), view, withoutMarks);
    }

    private GroupOutcome Wait(Group group, WaitingChange change, ViewKey view, bool withoutMarks)
    {
        group.Waiting.Add(change);
        if (group.ChangeOpen)
            return default;
        if (group.Traits.AgreedOnly || withoutMarks)
            return new GroupOutcome(null, Install(group, view), 0);
        group.Open();
        return new GroupOutcome(null, null, group.Number);
    }

    /// <summary>A delivered mark of <paramref name="rank"/>. The last one installs; waiting changes open the next.</summary>
    public GroupOutcome Mark(int rank, GroupMark mark, ulong everybody, ViewKey view)
    {
        Group? group = Find(mark.Group);
        if (group is null || !group.ChangeOpen || mark.NextView != group.ViewNumber + 1)
            return default;
        group.Marks |= 1UL << rank;
        if (group.Marks != everybody)
            return default;
        bool again = group.Waiting.Count > group.OpenCount;
        InstalledGroupView installed = Install(group, view, group.OpenCount);
        if (again && _groups.ContainsKey(group.Number))
            group.Open();
        else
            again = false;
        return new GroupOutcome(null, installed, again ? group.Number : 0);
    }

    /// <summary>
    /// A cluster view is installed: every open change completes, in number order, and members on nodes that are gone
    /// leave. Answers the group views that are new.
    /// </summary>
    public List<InstalledGroupView> InstallView(ViewKey view, IReadOnlyList<NodeInfo> nodes, IReadOnlyList<Departure>? departed = null)
    {
        var installed = new List<InstalledGroupView>();
        foreach (Group group in new List<Group>(_groups.Values))
        {
            foreach (GroupMember member in group.Members)
                if (!Contains(nodes, member.Node))
                    group.Waiting.Add(new WaitingChange(
                        member.Node, new GroupChange(false, group.Name, member.Slot, member.Name, null, ReasonOf(departed, member.Node))));
            group.Waiting.RemoveAll(w => (w.Change.Join || w.RestartOf > 0) && !Contains(nodes, w.Node));
            if (group.Waiting.Count > 0)
                installed.Add(Install(group, view));
            else
                group.Close();
        }
        return installed;
    }

    private static string ReasonOf(IReadOnlyList<Departure>? departed, NodeId node)
    {
        if (departed is not null)
            foreach (Departure departure in departed)
                if (departure.Id == node)
                    return departure.Reason;
        return "node left";
    }

    private InstalledGroupView Install(Group group, ViewKey view, int count = int.MaxValue)
    {
        InstalledGroupView installed = group.Install(view, count, _rules);
        if (group.Members.Count == 0)
        {
            _groups.Remove(group.Number);
            if (group.ViewNumber > _highestView)
                _highestView = group.ViewNumber;
        }
        return installed;
    }

    private static bool Contains(IReadOnlyList<NodeInfo> nodes, NodeId id)
    {
        foreach (NodeInfo node in nodes)
            if (node.Id == id)
                return true;
        return false;
    }
}
