namespace GroupComm.Testing.Laws;

/// <summary>
/// How far into each sender's stream every receiver is: all that it owes below the mark is delivered or already reported. Marks only
/// rise, so that walking the gaps costs O(deliveries + sends) per receiver over a whole run. A receiver is a member (one group's
/// messages) or a node (the messages of every group in which it has a member).
/// </summary>
internal sealed class DeliveryFrontier(bool byNode)
{
    private readonly Table<int> _marks = new();
    private readonly Table<bool> _hosts = new();

    public void Begin(TraceIndex index)
    {
        int receivers = byNode ? index.ProcessCount : index.History.MemberCount;
        _marks.Fill(receivers * index.ProcessCount, 0);
        if (!byNode)
            return;
        _hosts.Fill(index.ProcessCount * index.History.GroupCount, false);
        for (int m = 0; m < index.History.MemberCount; m++)
        {
            Traces.MemberEntry entry = index.History.MemberAt(m);
            _hosts[(entry.Process * index.History.GroupCount) + entry.Group] = true;
        }
    }

    /// <summary>Raises the mark of a receiver past the send at <paramref name="position"/>. Returns a message of that sender below
    /// it that the receiver owes and has not delivered, or -1. The send itself counts as owed if <paramref name="itself"/>.</summary>
    public int Pass(TraceIndex index, int receiver, int sender, int position, bool itself)
    {
        ref int mark = ref _marks[(receiver * index.ProcessCount) + sender];
        if (position < mark)
            return -1;
        int missing = -1;
        int at = itself ? position : Before(index, position);
        for (; at >= mark; at = Before(index, at))
            if (Owes(index, receiver, index.Sends[at]))
                missing = index.Sends[at];
        mark = position + 1;
        return missing;
    }

    private int Before(TraceIndex index, int position)
    {
        if (!byNode)
            return index.Messages[index.Sends[position]].PreviousInGroup;
        int sender = index.Messages[index.Sends[position]].Sender;
        return position > 0 && index.Messages[index.Sends[position - 1]].Sender == sender ? position - 1 : -1;
    }

    private bool Owes(TraceIndex index, int receiver, int message)
    {
        ref MessageRow m = ref index.Messages[message];
        if (!byNode)
            return index.IsIn(receiver, index.GroupViewOf(message));
        if (!_hosts[(receiver * index.History.GroupCount) + m.Group])
            return false;
        int groupView = index.GroupViewOf(message);
        if (groupView < 0 || index.GroupViews[groupView].Detail < 0)
            return false;
        foreach (int member in index.History.Detail(index.GroupViews[groupView].Detail).Members)
            if (index.History.MemberAt(member).Process == receiver)
                return true;
        return false;
    }
}
