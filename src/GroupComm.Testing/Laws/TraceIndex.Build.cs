using System;
using System.Collections.Generic;
using GroupComm.Testing.Traces;

namespace GroupComm.Testing.Laws;

internal sealed partial class TraceIndex
{
    /// <summary>Reads the whole history. <paramref name="stable"/> says that the run ended quiet.</summary>
    public void Build(History history, StablePeriod? stable)
    {
        Clear();
        History = history;
        Stable = stable;
        _stayOf.Fill(history.MemberCount, -1);
        LastInstall.Fill(history.Processes.Count, -1);
        for (int p = 0; p < history.Processes.Count; p++)
        {
            StepStart.Add(Steps.Count);
            DeliveryStart.Add(Deliveries.Count);
            Read(history.Processes[p]);
        }
        StepStart.Add(Steps.Count);
        DeliveryStart.Add(Deliveries.Count);
        Merge();
    }

    private void Clear()
    {
        _messages.Clear();
        _viewRows.Clear();
        _groupViewRows.Clear();
        _cellRows.Clear();
        Deliveries.Clear();
        Sends.Clear();
        Installs.Clear();
        GroupInstalls.Clear();
        Views.Clear();
        GroupViews.Clear();
        Cells.Clear();
        Stays.Clear();
        Acks.Clear();
        Marks.Clear();
        Reads.Clear();
        Resends.Clear();
        States.Clear();
        Steps.Clear();
        StepStart.Clear();
        DeliveryStart.Clear();
    }

    private void Read(ProcessTrace trace)
    {
        int p = trace.Index;
        int install = -1;
        _groupInstallOf.Fill(History.GroupCount, -1);
        _lastSendTo.Fill(History.GroupCount, -1);
        _openMembers.Clear();
        ReadOnlySpan<TraceEvent> events = trace.Events;
        for (int i = 0; i < events.Length; i++)
        {
            ref readonly TraceEvent e = ref events[i];
            switch (e.Kind)
            {
                case TraceKind.View:
                    install = ReadView(p, i, e, install);
                    break;
                case TraceKind.GroupView:
                    ReadGroupView(p, i, e, install);
                    break;
                case TraceKind.Send:
                    ReadSend(p, i, e, install);
                    break;
                case TraceKind.Deliver:
                    ReadDelivery(p, i, e, install);
                    break;
                case TraceKind.Ack:
                    ref AckRow ack = ref Acks.Add();
                    ack.Process = p;
                    ack.Event = i;
                    ack.Install = install;
                    break;
                case TraceKind.Wedge or TraceKind.Excluded or TraceKind.Leave or TraceKind.Primary or TraceKind.Stop:
                    Marks.Add(new EventRef(p, i));
                    break;
                case TraceKind.Read:
                    Reads.Add(new EventRef(p, i));
                    break;
                case TraceKind.State:
                    ref StateRow state = ref States.Add();
                    state.Process = p;
                    state.Event = i;
                    state.Epoch = install < 0 ? 0 : Views[Installs[install].View].Epoch;
                    break;
                case TraceKind.Start or TraceKind.Suspect or TraceKind.HandleBegin or TraceKind.HandleEnd:
                    break;
                default:
                    throw new InvalidOperationException($"event {i} of {trace.Id} is of no kind");
            }
        }
        LastInstall[p] = install;
    }

    private int ReadView(int p, int at, in TraceEvent e, int install)
    {
        int view = ViewRowOf(e.Sequence, e.View);
        int row = Installs.Count;
        ref InstallRow i = ref Installs.Add();
        i.Process = p;
        i.Event = at;
        i.View = view;
        i.Previous = install;
        i.Next = -1;
        ref ViewRow v = ref Views[view];
        i.PreviousOfView = v.LastInstall;
        v.LastInstall = row;
        if (v.Detail < 0)
        {
            v.Detail = e.Detail;
            v.FirstInstall = row;
        }
        if (install >= 0)
            Installs[install].Next = row;
        foreach (int member in _openMembers)
        {
            int old = _stayOf[member];
            Close(old, StayEnd.View, view, at);
            OpenStay(p, member, view, Cells[Stays[old].Cell].GroupView, at, old);
        }
        return row;
    }

    private void ReadGroupView(int p, int at, in TraceEvent e, int install)
    {
        long epoch = install < 0 ? 0 : Views[Installs[install].View].Epoch;
        int groupView = GroupViewRowOf(e.Group, epoch, e.GroupClusterView, e.GroupNumber);
        int row = GroupInstalls.Count;
        ref GroupInstallRow i = ref GroupInstalls.Add();
        i.Process = p;
        i.Event = at;
        i.GroupView = groupView;
        i.Previous = _groupInstallOf[e.Group];
        i.Install = install;
        ref GroupViewRow g = ref GroupViews[groupView];
        if (g.Detail < 0)
        {
            g.Detail = e.Detail;
            g.FirstInstall = row;
        }
        bool again = i.Previous >= 0 && GroupInstalls[i.Previous].GroupView == groupView;
        _groupInstallOf[e.Group] = row;
        if (again)
            return;
        ReadOnlySpan<int> members = History.Detail(e.Detail).Members;
        bool direct = i.Previous >= 0 && GroupViews[GroupInstalls[i.Previous].GroupView].Number + 1 == e.GroupNumber;
        for (int k = _openMembers.Count - 1; k >= 0; k--)
        {
            int member = _openMembers[k];
            if (History.MemberAt(member).Group != e.Group)
                continue;
            bool stays = direct && members.Contains(member);
            Close(_stayOf[member], stays ? StayEnd.GroupView : StayEnd.Left, groupView, at);
            if (!stays)
                _stayOf[member] = HasEnded;
            _openMembers.RemoveAt(k);
        }
        int view = install < 0 ? -1 : Installs[install].View;
        for (int k = 0; k < members.Length; k++)
        {
            int member = members[k];
            if (History.MemberAt(member).Process != p || members[..k].Contains(member)) // a broken trace may name one twice
                continue;
            OpenStay(p, member, view, groupView, at, _stayOf[member]);
            _openMembers.Add(member);
        }
    }

    private void Close(int stay, StayEnd end, int row, int at)
    {
        ref StayRow s = ref Stays[stay];
        s.End = end;
        s.EndRow = row;
        s.EndEvent = at;
    }

    private void OpenStay(int p, int member, int view, int groupView, int at, int before)
    {
        if (!_cellRows.TryGetValue((view, groupView), out int cell))
        {
            cell = Cells.Count;
            _cellRows.Add((view, groupView), cell);
            ref CellRow c = ref Cells.Add();
            c.View = view;
            c.GroupView = groupView;
            c.LastStay = -1;
        }
        int row = Stays.Count;
        ref StayRow s = ref Stays.Add();
        s.Member = member;
        s.Process = p;
        s.Cell = cell;
        s.PreviousInCell = Cells[cell].LastStay;
        s.Next = -1;
        s.BeginEvent = at;
        s.EndEvent = -1;
        s.EndRow = -1;
        s.LastDelivery = -1;
        Cells[cell].LastStay = row;
        if (before >= 0)
            Stays[before].Next = row;
        _stayOf[member] = row;
    }

    private int ViewRowOf(long epoch, long number)
    {
        if (_viewRows.TryGetValue((epoch, number), out int row))
            return row;
        row = Views.Count;
        _viewRows.Add((epoch, number), row);
        ref ViewRow v = ref Views.Add();
        v.Epoch = epoch;
        v.Number = number;
        v.LastInstall = v.FirstInstall = v.Detail = -1;
        return row;
    }

    private int GroupViewRowOf(int group, long epoch, long clusterView, int number)
    {
        if (_groupViewRows.TryGetValue((group, epoch, clusterView, number), out int row))
            return row;
        row = GroupViews.Count;
        _groupViewRows.Add((group, epoch, clusterView, number), row);
        ref GroupViewRow g = ref GroupViews.Add();
        g.Group = group;
        g.ClusterView = clusterView;
        g.Number = number;
        g.Epoch = epoch;
        g.FirstInstall = g.Detail = -1;
        return row;
    }
}
