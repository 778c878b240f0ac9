using System;
using GroupComm.Testing.Traces;

namespace GroupComm.Testing.Laws;

internal sealed partial class TraceIndex
{
    private void ReadSend(int p, int at, in TraceEvent e, int install)
    {
        int message = _messages.Find(p, e.MessageView, e.Sequence);
        ref MessageRow m = ref Messages[message];
        if (m.Event >= 0)
        {
            Resends.Add(new EventRef(p, at));
            return;
        }
        m.Event = at;
        m.Group = e.Group;
        m.Member = e.Member;
        m.Order = e.OrderByte;
        m.Hash = e.Hash;
        m.GroupView = e.GroupNumber == 0 ? -1 : NamedGroupView(e, install);
        m.Position = Sends.Count;
        m.PreviousInGroup = _lastSendTo[e.Group];
        m.Step = Steps.Count;
        m.Install = install;
        m.Stay = e.Member < 0 ? -1 : Math.Max(-1, _stayOf[e.Member]);
        _lastSendTo[e.Group] = m.Position;
        Steps.Add(~Sends.Count);
        Sends.Add(message);
    }

    private void ReadDelivery(int p, int at, in TraceEvent e, int install)
    {
        int message = _messages.Find(e.Sender, e.MessageView, e.Sequence);
        int row = Deliveries.Count;
        ref MessageRow m = ref Messages[message];
        bool first = m.FirstDelivery < 0;
        if (m.Group < 0)
            m.Group = e.Group;
        if (m.Event < 0 && first)
            m.Order = e.OrderByte;
        ref DeliveryRow d = ref Deliveries.Add();
        d.Process = p;
        d.Event = at;
        d.Member = e.Member;
        d.Message = message;
        d.Install = install;
        d.GroupInstall = _groupInstallOf[e.Group];
        d.Number = e.Number;
        d.Hash = e.Hash;
        d.Order = e.OrderByte;
        d.PreviousOfMessage = m.LastDelivery;
        m.LastDelivery = row;
        if (first)
            m.FirstDelivery = row;
        if (e.Sender == p)
            m.SelfDelivered |= m.Member == e.Member;
        Steps.Add(row);
        int stay = d.Stay = Math.Max(-1, _stayOf[e.Member]);
        if (stay < 0)
            return;
        ref StayRow s = ref Stays[stay];
        if (s.Deliveries++ == 0)
            s.FirstDelivery = row;
        s.LastDelivery = row;
        s.Mix += MessageTable.Mix((ulong)message + 1);
        ref CellRow c = ref Cells[s.Cell];
        c.Deliveries++;
        if (e.Order != DeliveryOrder.Safe)
            return;
        s.SafeDeliveries++;
        if (first)
            c.SafeMessages++;
    }

    /// <summary>The group view that a send names; the installed one is tried first, because it nearly always is that.</summary>
    private int NamedGroupView(in TraceEvent e, int install)
    {
        int current = _groupInstallOf[e.Group];
        if (current >= 0)
        {
            int row = GroupInstalls[current].GroupView;
            ref GroupViewRow g = ref GroupViews[row];
            if (g.Number == e.GroupNumber && g.ClusterView == e.GroupClusterView)
                return row;
        }
        long epoch = install < 0 ? 0 : Views[Installs[install].View].Epoch;
        return GroupViewRowOf(e.Group, epoch, e.GroupClusterView, e.GroupNumber);
    }
}
