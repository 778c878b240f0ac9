namespace GroupComm.Testing.Laws;

/// <summary>Per cell (the part of a group view in one cluster view): equal count and equal sum of mixed message numbers for all that left it the same way. Covers cluster views and group views, because both end a cell.</summary>
internal sealed class Vs09VirtualSynchrony() : Law("VS-9", "virtual synchrony",
    "members that go from one view directly to the same next one delivered the same set in it")
{
    private readonly Table<int> _references = new();
    private readonly Table<int> _stamp = new();

    public override void Check(TraceIndex index, Verdict verdict)
    {
        _stamp.Fill(index.History.MemberCount, -1);
        for (int c = 0; c < index.Cells.Count; c++)
        {
            _references.Clear();
            for (int s = index.Cells[c].LastStay; s >= 0; s = index.Stays[s].PreviousInCell)
            {
                _stamp[index.Stays[s].Member] = c;
                if (index.Stays[s].End is StayEnd.GroupView or StayEnd.View)
                    Compare(index, verdict, s);
            }
            if (index.Cells[c].Deliveries > 0 && index.Cells[c].View >= 0)
                CheckAbsent(index, verdict, c);
        }
    }

    private void Compare(TraceIndex index, Verdict verdict, int stay)
    {
        ref StayRow s = ref index.Stays[stay];
        foreach (int reference in _references.Rows)
        {
            ref StayRow r = ref index.Stays[reference];
            if (r.End != s.End || r.EndRow != s.EndRow)
                continue;
            if (r.Deliveries != s.Deliveries || r.Mix != s.Mix)
                ReportDifference(index, verdict, reference, stay);
            return;
        }
        _references.Add(stay);
    }

    /// <summary>A member of the group view that never installed it, although its node went on with others who delivered in it.</summary>
    private void CheckAbsent(TraceIndex index, Verdict verdict, int cell)
    {
        ref CellRow c = ref index.Cells[cell];
        foreach (int member in index.History.Detail(index.GroupViews[c.GroupView].Detail).Members)
        {
            if (_stamp[member] == cell)
                continue;
            int install = index.InstallOf(index.History.MemberAt(member).Process, c.View);
            if (install < 0 || index.Installs[install].Next < 0)
                continue;
            int next = index.Installs[index.Installs[install].Next].View;
            foreach (int reference in _references.Rows)
            {
                ref StayRow r = ref index.Stays[reference];
                if (r.End == StayEnd.View && r.EndRow == next && r.Deliveries > 0)
                    Report(verdict, $"{index.History.MemberName(member)} is in group view {index.GroupViewName(c.GroupView)}, never installed it, and went on to view {index.Views[next].Number} with {index.History.MemberName(r.Member)}, who delivered {r.Deliveries} messages in it",
                        index.InstallRef(index.Installs[install].Next), new EventRef(r.Process, r.BeginEvent));
            }
        }
    }

    private void ReportDifference(TraceIndex index, Verdict verdict, int a, int b)
    {
        int only = OnlyIn(index, a, b);
        (int has, int lacks) = only >= 0 ? (a, b) : (b, a);
        if (only < 0)
            only = OnlyIn(index, b, a);
        ref StayRow h = ref index.Stays[has];
        ref StayRow l = ref index.Stays[lacks];
        string view = index.GroupViewName(index.Cells[h.Cell].GroupView);
        if (only < 0)
            Report(verdict, $"{index.History.MemberName(h.Member)} and {index.History.MemberName(l.Member)} went on together from group view {view} with different counts of deliveries", new EventRef(h.Process, h.EndEvent), new EventRef(l.Process, l.EndEvent));
        else
            Report(verdict, $"{index.History.MemberName(h.Member)} and {index.History.MemberName(l.Member)} went on together from group view {view}, only the first delivered {index.NameOf(index.Deliveries[only].Message)}", index.DeliveryRef(only), new EventRef(l.Process, l.EndEvent));
    }

    private static int OnlyIn(TraceIndex index, int a, int b)
    {
        int member = index.Stays[b].Member;
        for (int d = index.Stays[a].FirstDelivery; d <= index.Stays[a].LastDelivery; d++)
            if (index.Deliveries[d].Stay == a && !index.HasDelivered(member, index.Deliveries[d].Message))
                return d;
        return -1;
    }
}
