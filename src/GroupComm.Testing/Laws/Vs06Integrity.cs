namespace GroupComm.Testing.Laws;

/// <summary>What is delivered was sent, once, before, with that payload. Earlier means: the traces can be merged so that the send comes first.</summary>
internal sealed class Vs06Integrity() : Law("VS-6", "integrity",
    "a delivery has exactly one earlier send: same sender, same payload hash")
{
    public override void Check(TraceIndex index, Verdict verdict)
    {
        foreach (EventRef again in index.Resends.Rows)
            Report(verdict, $"{index.IdOf(again.Process)} sent one message id twice", again);
        foreach (int delivery in index.BeforeSent.Rows)
            Report(verdict, $"{index.IdOf(index.Deliveries[delivery].Process)} delivered {index.NameOf(index.Deliveries[delivery].Message)} before it was sent", index.DeliveryRef(delivery));
        for (int i = 0; i < index.Deliveries.Count; i++)
        {
            ref DeliveryRow d = ref index.Deliveries[i];
            ref MessageRow m = ref index.Messages[d.Message];
            if (m.Event < 0)
                CheckUnsent(index, verdict, i);
            else if (d.Hash != m.Hash)
                Report(verdict, $"{index.IdOf(d.Process)} delivered {index.NameOf(d.Message)} with another payload than was sent", index.SendRef(d.Message), index.DeliveryRef(i));
            else if (d.Order != m.Order || index.History.MemberAt(d.Member).Group != m.Group)
                Report(verdict, $"{index.IdOf(d.Process)} delivered {index.NameOf(d.Message)} in another order or group than it was sent", index.SendRef(d.Message), index.DeliveryRef(i));
        }
    }

    /// <summary>A sender without any trace, or one whose trace ended before it did, cannot witness: then all deliveries must at least agree.</summary>
    private void CheckUnsent(TraceIndex index, Verdict verdict, int delivery)
    {
        ref DeliveryRow d = ref index.Deliveries[delivery];
        ref MessageRow m = ref index.Messages[d.Message];
        if (index.History.Processes[m.Sender] is { Count: > 0, IsCutOff: false })
            Report(verdict, $"{index.IdOf(d.Process)} delivered {index.NameOf(d.Message)}, which its sender never sent", index.DeliveryRef(delivery));
        else if (d.Hash != index.Deliveries[m.FirstDelivery].Hash)
            Report(verdict, $"{index.NameOf(d.Message)} was delivered with two payloads", index.DeliveryRef(m.FirstDelivery), index.DeliveryRef(delivery));
    }
}
