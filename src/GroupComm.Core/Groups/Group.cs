using System;
using System.Collections.Generic;
using GroupComm.Core.Messages;
using GroupComm.Core.Transfer;

namespace GroupComm.Core.Groups;

/// <summary>A change that waits for the next group view.</summary>
/// <param name="Node">Whose member it is about.</param>
/// <param name="Change">The change; of a restart only its slot, member and reason count.</param>
/// <param name="RestartOf">Not 0: no join or leave, the attempt of that point is given up.</param>
internal readonly record struct WaitingChange(NodeId Node, GroupChange Change, long RestartOf = 0);

/// <summary>One group: its view, and the changes that wait for the next.</summary>
internal sealed class Group
{
    private readonly List<GroupMember> _members;

    public Group(int number, string name, GroupTraits traits, long viewNumber)
    {
        (Number, Name, Traits, ViewNumber) = (number, name, traits, viewNumber);
        _members = [];
    }

    public Group(GroupState state)
    {
        (Number, Name, Traits, ViewNumber, InstalledIn) = (state.Number, state.Name, state.Traits, state.ViewNumber, state.InstalledIn);
        _members = new List<GroupMember>(state.Members);
    }

    public int Number { get; }

    public string Name { get; }

    public GroupTraits Traits { get; }

    public long ViewNumber { get; private set; }

    public long InstalledIn { get; private set; }

    public IReadOnlyList<GroupMember> Members => _members;

    /// <summary>Changes in agreed order; the first <see cref="OpenCount"/> belong to the open one.</summary>
    public List<WaitingChange> Waiting { get; } = [];

    public int OpenCount { get; private set; }

    public bool ChangeOpen => OpenCount > 0;

    /// <summary>Ranks whose mark for the open change was delivered.</summary>
    public ulong Marks { get; set; }

    public void Open()
    {
        OpenCount = Waiting.Count;
        Marks = 0;
    }

    public void Close()
    {
        OpenCount = 0;
        Marks = 0;
    }

    /// <summary>Why a change can not be, judged by members and earlier changes alike at every node; null when it can.</summary>
    public string? Refuses(NodeId node, GroupChange change)
    {
        bool present = false;
        foreach (GroupMember member in _members)
            present |= member.Node == node && member.Name == change.Member;
        foreach ((NodeId waitingNode, GroupChange waiting, long restartOf) in Waiting)
            if (restartOf == 0 && waitingNode == node && waiting.Member == change.Member)
                present = waiting.Join;
        if (!change.Join)
            return present ? null : $"'{change.Member}' is no member of '{Name}'";
        if (present)
            return $"the member name '{change.Member}' is in use in '{Name}' on this node";
        if (change.Traits is { } traits && traits != Traits)
            return $"the group '{Name}' was created with {Describe(Traits)}, not {Describe(traits)}";
        return null;
    }

    /// <summary>Applies the first <paramref name="count"/> waiting changes as the next view.</summary>
    public InstalledGroupView Install(ViewKey view, int count, ProtocolRules rules)
    {
        var joined = new List<GroupMember>();
        var left = new List<GroupMember>();
        var plan = new TransferPlan(_members, ViewNumber + 1, Traits.StartEmpty, rules);
        string reason = "";
        int applied = Math.Min(count, Waiting.Count);
        for (int i = 0; i < applied; i++)
        {
            (NodeId node, GroupChange change, long restartOf) = Waiting[i];
            int at = _members.FindIndex(m => m.Node == node && m.Name == change.Member);
            if (restartOf > 0)
            {
                plan.Restart(node, change.Slot, restartOf);
            }
            else if (change.Join)
            {
                var member = new GroupMember(node, change.Slot, change.Member, change.Provider);
                _members.Add(member);
                joined.Add(member);
                plan.Joined(member);
            }
            else if (at < 0)
            {
                continue;
            }
            else
            {
                left.Add(_members[at]);
                _members.RemoveAt(at);
            }
            if (reason.Length == 0)
                reason = change.Reason;
            else if (!reason.Contains(change.Reason, StringComparison.Ordinal))
                reason += ", " + change.Reason;
        }
        Waiting.RemoveRange(0, applied);
        Close();
        ViewNumber++;
        InstalledIn = view.Id;
        plan.Settle(_members, joined, left);
        return new InstalledGroupView(ToState(), view, joined, left, reason)
        {
            Transfers = plan.Transfers, Stateless = plan.Stateless, Emptied = plan.Emptied,
        };
    }

    /// <summary>The member of that slot has restored the state; it needs none, whatever attempt is under way.</summary>
    public void StateDone(NodeId node, int slot)
    {
        int at = _members.FindIndex(m => m.Is(node, slot));
        if (at >= 0)
            _members[at] = _members[at] with { Awaits = null };
    }

    /// <summary>The member of that slot that waits in that attempt; null when there is none, or it was given up already.</summary>
    public GroupMember? Awaiting(NodeId node, int slot, long point)
    {
        foreach (WaitingChange waiting in Waiting)
            if (waiting.RestartOf == point && waiting.Node == node && waiting.Change.Slot == slot)
                return null;
        return _members.Find(m => m.Is(node, slot) && m.Awaits?.Point == point);
    }

    public GroupState ToState() => new(Number, Name, Traits, ViewNumber, InstalledIn, _members.ToArray());

    private static string Describe(GroupTraits traits) =>
        $"{(traits.Open ? "open" : "closed")}, {(traits.AgreedOnly ? "agreed messages only" : "all orders")}{(traits.StartEmpty ? ", empty when its state is lost" : "")}";
}
