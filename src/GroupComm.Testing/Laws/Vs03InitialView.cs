using GroupComm.Testing.Traces;

namespace GroupComm.Testing.Laws;

/// <summary>Nothing is sent, delivered or called safe before a view is installed, and each names the one installed; for a member its group view too.</summary>
internal sealed class Vs03InitialView() : Law("VS-3", "initial view",
    "every send, delivery and safe indication follows an install and names that view")
{
    public override void Check(TraceIndex index, Verdict verdict)
    {
        foreach (int message in index.Sends.Rows)
            CheckSend(index, verdict, message);
        for (int i = 0; i < index.Deliveries.Count; i++)
            CheckDelivery(index, verdict, i);
        for (int i = 0; i < index.Acks.Count; i++)
        {
            ref AckRow ack = ref index.Acks[i];
            ref readonly TraceEvent e = ref index.Event(ack.Process, ack.Event);
            bool named = ack.Install >= 0 && (e.Stage != TraceStage.Safe || NumberAt(index, ack.Install) == e.MessageView);
            if (!named)
                Report(verdict, $"{index.IdOf(ack.Process)} has a receipt of view {e.MessageView} while it is in {ViewName(index, ack.Install)}", new EventRef(ack.Process, ack.Event));
        }
    }

    private void CheckSend(TraceIndex index, Verdict verdict, int message)
    {
        ref MessageRow m = ref index.Messages[message];
        ref readonly TraceEvent e = ref index.Event(m.Sender, m.Event);
        if (m.Install < 0 || e.View != m.View || NumberAt(index, m.Install) != m.View)
            Report(verdict, $"{index.IdOf(m.Sender)} sent {index.NameOf(message)} while it is in {ViewName(index, m.Install)}", index.SendRef(message));
        else if (m.Member >= 0 && m.Stay < 0)
            Report(verdict, $"{index.History.MemberName(m.Member)} sent {index.NameOf(message)} as a member and is in no view of the group", index.SendRef(message));
        else if (m.Member >= 0 && m.GroupView >= 0 && index.Cells[index.Stays[m.Stay].Cell].GroupView != m.GroupView)
            Report(verdict, $"{index.History.MemberName(m.Member)} sent {index.NameOf(message)} naming group view {index.GroupViewName(m.GroupView)}, and that is not the one installed", index.SendRef(message));
    }

    private void CheckDelivery(TraceIndex index, Verdict verdict, int delivery)
    {
        ref DeliveryRow d = ref index.Deliveries[delivery];
        ref readonly TraceEvent e = ref index.Event(d.Process, d.Event);
        if (d.Install < 0 || NumberAt(index, d.Install) != e.View)
        {
            Report(verdict, $"{index.IdOf(d.Process)} delivered {index.NameOf(d.Message)} naming view {e.View} while it is in {ViewName(index, d.Install)}", index.DeliveryRef(delivery));
            return;
        }
        if (d.Stay < 0)
        {
            Report(verdict, $"{index.History.MemberName(d.Member)} delivered {index.NameOf(d.Message)} and is in no view of the group", index.DeliveryRef(delivery));
            return;
        }
        ref GroupViewRow g = ref index.GroupViews[index.Cells[index.Stays[d.Stay].Cell].GroupView];
        if (e.GroupNumber != 0 && (g.Number != e.GroupNumber || g.ClusterView != e.GroupClusterView))
            Report(verdict, $"{index.History.MemberName(d.Member)} delivered {index.NameOf(d.Message)} naming a group view that is not the one installed", index.DeliveryRef(delivery));
    }

    private static long NumberAt(TraceIndex index, int install) => index.Views[index.Installs[install].View].Number;

    private static string ViewName(TraceIndex index, int install) => install < 0 ? "no view" : "view " + NumberAt(index, install).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
