using System.Collections.Generic;
using GroupComm.Core.Messages;

namespace GroupComm.Core.Transfer;

/// <summary>
/// Who gives state to whom, settled at the install of a group view, because only there the messages before and after are
/// the same set at every member. Invariants: a member that awaits state has a donor that is a member and has state; where
/// nobody has state, nobody awaits it. Computed from agreed values alone, so that all nodes settle alike.
/// Source: docs/protocol/state-transfer.md, docs/decisions/0014.
/// </summary>
internal sealed class TransferPlan
{
    private readonly long _point;
    private readonly bool _startEmpty;
    private readonly ProtocolRules _rules;
    private readonly bool _hadState;
    private readonly List<GroupMember> _fresh = [];
    private readonly List<(NodeId Node, int Slot, long Point)> _restarts = [];

    /// <param name="before">The members of the old view.</param>
    /// <param name="point">Number of the view that is installed.</param>
    /// <param name="startEmpty">What happens when the state is lost.</param>
    /// <param name="rules">The protocol, or a mutant.</param>
    public TransferPlan(IReadOnlyList<GroupMember> before, long point, bool startEmpty, ProtocolRules rules)
    {
        (_point, _startEmpty, _rules) = (point, startEmpty, rules);
        foreach (GroupMember member in before)
            _hadState |= member is { Provider: true, Awaits: null };
    }

    /// <summary>Members whose state is captured at this install.</summary>
    public List<GroupMember> Transfers { get; } = [];

    /// <summary>Members and joiners for whom no state is left.</summary>
    public List<GroupMember> Stateless { get; } = [];

    /// <summary>Members that begin without the lost state.</summary>
    public List<GroupMember> Emptied { get; } = [];

    public void Joined(GroupMember member) => _fresh.Add(member);

    /// <summary>The attempt of <paramref name="point"/> was given up by the joiner.</summary>
    public void Restart(NodeId node, int slot, long point) => _restarts.Add((node, slot, point));

    /// <summary>Names a donor to everybody who needs one in the new view. Who can have none goes again, or begins empty.</summary>
    public void Settle(List<GroupMember> members, List<GroupMember> joined, List<GroupMember> left)
    {
        var donors = new List<GroupMember>();
        foreach (GroupMember member in members)
            if (member.Provider && (member.Awaits is null || _rules.DonorWithoutState) && !_fresh.Contains(member))
                donors.Add(member);
        for (int i = 0; i < members.Count; i++)
        {
            GroupMember member = members[i];
            bool fresh = _fresh.Contains(member);
            if (fresh ? !member.Provider || !_hadState : member.Awaits is null)
                continue;
            if (donors.Count == 0)
                Lose(members, joined, left, ref i, fresh);
            else if (fresh || NeedsAnother(members, member))
                Transfers.Add(members[i] = member with { Awaits = Source(Next(donors, member)) });
        }
        for (int i = 0; i < joined.Count; i++)
            if (Transfers.Find(t => t.Is(joined[i].Node, joined[i].Slot)) is { } transfer)
                joined[i] = transfer;
    }

    private void Lose(List<GroupMember> members, List<GroupMember> joined, List<GroupMember> left, ref int at, bool fresh)
    {
        GroupMember member = members[at];
        if (_startEmpty)
        {
            Emptied.Add(members[at] = member with { Awaits = null });
            return;
        }
        Stateless.Add(member);
        members.RemoveAt(at--);
        if (fresh)
            joined.Remove(member);
        else
            left.Add(member);
    }

    private bool NeedsAnother(List<GroupMember> members, GroupMember member)
    {
        if (!members.Exists(m => m.Is(member.Awaits!.Donor, member.Awaits.DonorSlot)))
            return !_rules.DonorNotReplaced;
        return _restarts.Contains((member.Node, member.Slot, member.Awaits!.Point));
    }

    /// <summary>The lowest rank with state; after a donor that is still here, the next after it.</summary>
    private static GroupMember Next(List<GroupMember> donors, GroupMember member)
    {
        int failed = member.Awaits is { } source ? donors.FindIndex(d => d.Is(source.Donor, source.DonorSlot)) : -1;
        return donors[(failed + 1) % donors.Count];
    }

    private StateSource Source(GroupMember donor) => new(_point, donor.Node, donor.Slot);
}
