namespace GroupComm.Testing.Laws;

/// <summary>Per sending node over all orders; only messages whose group view has the receiver count. Holds over view changes too.</summary>
internal sealed class Vs13Fifo() : Law("VS-13", "fifo",
    "a member that delivers a message delivered before it all that the same node sent to the group before, whatever the order")
{
    private readonly DeliveryFrontier _frontier = new(byNode: false);

    public override void Check(TraceIndex index, Verdict verdict)
    {
        _frontier.Begin(index);
        for (int i = 0; i < index.Deliveries.Count; i++)
        {
            ref DeliveryRow d = ref index.Deliveries[i];
            ref MessageRow m = ref index.Messages[d.Message];
            if (m.Position < 0)
                continue;
            int missing = _frontier.Pass(index, d.Member, m.Sender, m.Position, itself: false);
            if (missing >= 0)
                Report(verdict, $"{index.History.MemberName(d.Member)} delivered {index.NameOf(d.Message)} and not before it {index.NameOf(missing)}, which the same node sent before", index.SendRef(missing), index.SendRef(d.Message), index.DeliveryRef(i));
        }
    }
}
