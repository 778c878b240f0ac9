namespace GroupComm.Testing.Laws;

/// <summary>Compares the views installed at the receiver with those of the send; where the send does not bind the group view, with the first delivery.</summary>
internal sealed class Vs08SendingView() : Law("VS-8", "sending view",
    "a message is delivered in the cluster view and group view in which it was sent; in agreed-only groups in the same group view by all")
{
    public override void Check(TraceIndex index, Verdict verdict)
    {
        for (int i = 0; i < index.Deliveries.Count; i++)
        {
            ref DeliveryRow d = ref index.Deliveries[i];
            ref MessageRow m = ref index.Messages[d.Message];
            if (d.Install >= 0 && index.Views[index.Installs[d.Install].View].Number != m.View)
                Report(verdict, $"{index.IdOf(d.Process)} delivered {index.NameOf(d.Message)} in view {index.Views[index.Installs[d.Install].View].Number}", index.DeliveryRef(i));
            int expected = index.GroupViewOf(d.Message);
            if (d.GroupInstall < 0 || expected < 0)
                continue;
            int here = index.GroupInstalls[d.GroupInstall].GroupView;
            if (here != expected)
                Report(verdict, $"{index.IdOf(d.Process)} delivered {index.NameOf(d.Message)} in group view {index.GroupViewName(here)}, expected {index.GroupViewName(expected)}", index.DeliveryRef(m.FirstDelivery), index.DeliveryRef(i));
        }
    }
}
