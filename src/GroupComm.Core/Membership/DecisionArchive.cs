using System.Collections.Generic;
using GroupComm.Core.Messages;

namespace GroupComm.Core.Membership;

/// <summary>What followed a view, with all that someone who missed it may need.</summary>
internal sealed class DecisionRecord(ViewKey view, int oldSize, ViewValue value, GroupTableState? table, List<Bundle> bodies)
{
    public ViewKey View { get; } = view;

    public int OldSize { get; } = oldSize;

    public ViewValue Value { get; } = value;

    /// <summary>The table after the install.</summary>
    public GroupTableState? Table { get; } = table;

    /// <summary>Bundles of the cut that were not known to be stable.</summary>
    public List<Bundle> Bodies { get; } = bodies;

    /// <summary>Members of the next view that have not confirmed their install.</summary>
    public List<NodeId> Unconfirmed { get; } = [];

    /// <summary>Leavers that may not know yet that they have left; they are waited for until <see cref="LeaversUntil"/>.</summary>
    public List<NodeId> Leavers { get; } = [];

    public long LeaversUntil { get; set; }

    public bool IsNeeded => Unconfirmed.Count > 0 || Leavers.Count > 0;

    /// <summary>The bodies that a holder of <paramref name="received"/> lacks.</summary>
    public List<Bundle> Lacking(System.ReadOnlySpan<long> received)
    {
        var lacking = new List<Bundle>();
        foreach (Bundle bundle in Bodies)
            if ((received.Length == 0 || received[bundle.Sender] < bundle.Last) && bundle.First <= Value.Cut[bundle.Sender])
                lacking.Add(bundle);
        return lacking;
    }
}

/// <summary>
/// P14: decisions are kept until all members of the next view have confirmed their install or been excluded, so that
/// whoever missed one finds somebody to ask.
/// </summary>
internal sealed class DecisionArchive
{
    private readonly List<DecisionRecord> _records = [];

    public int Count => _records.Count;

    public DecisionRecord? Find(ViewKey view)
    {
        foreach (DecisionRecord record in _records)
            if (record.View == view)
                return record;
        return null;
    }

    /// <summary>The record that brought <paramref name="node"/> into its first view.</summary>
    public DecisionRecord? FindJoin(NodeId node)
    {
        foreach (DecisionRecord record in _records)
            if (record.Unconfirmed.Contains(node) && record.Table is not null)
                return record;
        return null;
    }

    public void Add(DecisionRecord record, NodeId self, long leaversUntil, List<DecisionRecord> dropped)
    {
        record.Leavers.AddRange(record.Value.Leavers);
        record.LeaversUntil = leaversUntil;
        foreach (NodeInfo member in record.Value.Members)
            if (member.Id != self)
                record.Unconfirmed.Add(member.Id);
        _records.Add(record);
        Drop(dropped);
    }

    /// <summary>The node is in <paramref name="view"/>. Records that nobody needs go to <paramref name="dropped"/>.</summary>
    public void Confirm(NodeId node, ViewKey view, List<DecisionRecord> dropped)
    {
        if (_records.Count == 0)
            return;
        foreach (DecisionRecord record in _records)
            if (record.Value.Next.Epoch == view.Epoch && record.Value.Next.Id <= view.Id)
                record.Unconfirmed.Remove(node);
        Drop(dropped);
    }

    /// <summary>A leaver knows the decision, or is gone.</summary>
    public void ForgetLeaver(NodeId node, List<DecisionRecord> dropped)
    {
        bool any = false;
        foreach (DecisionRecord record in _records)
            any |= record.Leavers.Remove(node);
        if (any)
            Drop(dropped);
    }

    /// <summary>Leavers are waited for no longer than the leave time.</summary>
    public void Expire(long now, List<DecisionRecord> dropped)
    {
        if (_records.Count == 0)
            return;
        foreach (DecisionRecord record in _records)
            if (now > record.LeaversUntil)
                record.Leavers.Clear();
        Drop(dropped);
    }

    /// <summary>A view was installed: who is not in it needs no older decision.</summary>
    public void Installed(IReadOnlyList<NodeInfo> members, List<DecisionRecord> dropped)
    {
        foreach (DecisionRecord record in _records)
            record.Unconfirmed.RemoveAll(id => !Contains(members, id));
        Drop(dropped);
    }

    private void Drop(List<DecisionRecord> dropped)
    {
        for (int i = _records.Count - 1; i >= 0; i--)
            if (!_records[i].IsNeeded)
            {
                dropped.Add(_records[i]);
                _records.RemoveAt(i);
            }
    }

    private static bool Contains(IReadOnlyList<NodeInfo> members, NodeId id)
    {
        foreach (NodeInfo member in members)
            if (member.Id == id)
                return true;
        return false;
    }
}
