using System;

namespace GroupComm.Testing.Laws;

/// <summary>Counts, per part of a group view in a cluster view: everyone who left it for a successor delivered as many distinct safe messages as anyone. The end-of-run part needs a StablePeriod, which says that the run ended quiet.</summary>
internal sealed class Vs17Safe() : Law("VS-17", "safe",
    "a safe message that anyone delivered is delivered by every member that installs a successor of the view, or goes on in it with a live quorum")
{
    private readonly Table<bool> _live = new();
    private readonly Table<int> _stamp = new();

    public override void Check(TraceIndex index, Verdict verdict)
    {
        _live.Fill(index.ProcessCount, false);
        if (index.Stable is not null)
            foreach (int p in index.Stable.Live)
                _live[p] = true;
        _stamp.Fill(index.History.MemberCount, -1);
        for (int c = 0; c < index.Cells.Count; c++)
        {
            if (index.Cells[c].SafeMessages > 0)
                CheckCell(index, verdict, c);
        }
    }

    private void CheckCell(TraceIndex index, Verdict verdict, int cell)
    {
        ref CellRow c = ref index.Cells[cell];
        for (int stay = c.LastStay; stay >= 0; stay = index.Stays[stay].PreviousInCell)
        {
            ref StayRow s = ref index.Stays[stay];
            _stamp[s.Member] = cell;
            if (s.SafeDeliveries >= c.SafeMessages)
                continue;
            bool owes = s.End is StayEnd.View or StayEnd.GroupView || (s.End == StayEnd.Open && GoesOn(index, s.Process, c.View));
            if (owes)
                ReportMissing(index, verdict, cell, s.Member, new EventRef(s.Process, s.EndEvent >= 0 ? s.EndEvent : s.BeginEvent));
        }
        if (c.View < 0)
            return;
        foreach (int member in index.History.Detail(index.GroupViews[c.GroupView].Detail).Members)
        {
            if (_stamp[member] == cell)
                continue;
            int install = index.InstallOf(index.History.MemberAt(member).Process, c.View);
            if (install >= 0 && index.Installs[install].Next >= 0)
                ReportMissing(index, verdict, cell, member, index.InstallRef(index.Installs[install].Next));
        }
    }

    private void ReportMissing(TraceIndex index, Verdict verdict, int cell, int member, EventRef end)
    {
        for (int i = 0; i < index.Deliveries.Count; i++)
        {
            ref DeliveryRow d = ref index.Deliveries[i];
            if (d.Order != (byte)DeliveryOrder.Safe || d.Stay < 0 || index.Stays[d.Stay].Cell != cell || index.HasDelivered(member, d.Message))
                continue;
            Report(verdict, $"{index.History.MemberName(d.Member)} delivered the safe message {index.NameOf(d.Message)}, and {index.History.MemberName(member)} went on without it", index.DeliveryRef(i), end);
            return;
        }
    }

    /// <summary>The run ended quiet, the process lives and is in the view, and so does a quorum of the view.</summary>
    private bool GoesOn(TraceIndex index, int process, int view)
    {
        if (view < 0 || !IsInAtEnd(index, process, view))
            return false;
        ReadOnlySpan<int> members = index.MembersOf(view);
        int count = 0;
        bool lowest = false;
        for (int rank = 0; rank < members.Length; rank++)
        {
            if (!IsInAtEnd(index, members[rank], view))
                continue;
            count++;
            lowest |= rank == 0;
        }
        return Quorum.Is(count, members.Length, lowest);
    }

    private bool IsInAtEnd(TraceIndex index, int process, int view) =>
        _live[process] && index.LastInstall[process] >= 0 && index.Installs[index.LastInstall[process]].View == view;
}
