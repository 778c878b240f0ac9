namespace GroupComm.Testing.Laws;

/// <summary>Causality inside one group, evaluated at nodes; what other groups add is VS-26. A gap in one sender's own stream is VS-13.</summary>
internal sealed class Vs14Causal(CausalPast past) : Law("VS-14", "causal order",
    "a member that delivers a causal, agreed or safe message delivered its causal past in the group before")
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
            _frontier.Pass(index, d.Member, m.Sender, m.Position, itself: false);
            int vector = past.VectorOf(d.Message);
            if (vector >= 0 && m.Order != (byte)DeliveryOrder.Fifo)
                CheckPast(index, verdict, i, m.Sender, vector);
        }
    }

    private void CheckPast(TraceIndex index, Verdict verdict, int delivery, int sender, int vector)
    {
        ref DeliveryRow d = ref index.Deliveries[delivery];
        for (int s = 0; s < index.ProcessCount; s++)
        {
            int reach = past.Reaches(vector, s);
            if (reach == 0 || s == sender)
                continue;
            int missing = _frontier.Pass(index, d.Member, s, reach - 1, itself: true);
            if (missing >= 0)
                Report(verdict, $"{index.History.MemberName(d.Member)} delivered {index.NameOf(d.Message)} and not before it {index.NameOf(missing)}, on which it depends", index.SendRef(missing), index.SendRef(d.Message), index.DeliveryRef(delivery));
        }
    }
}
