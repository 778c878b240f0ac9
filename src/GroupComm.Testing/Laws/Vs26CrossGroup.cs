namespace GroupComm.Testing.Laws;

/// <summary>Receivers are nodes: all groups that a node hosts, in its single order. Silent while the per-group laws are broken, because a breach inside one group is one here too.</summary>
internal sealed class Vs26CrossGroup() : Law("VS-26", "cross-group",
    "fifo, causal and agreed order hold at a node across the groups of a cluster")
{
    private readonly DeliveryFrontier _frontier = new(byNode: true);
    private readonly OrderInversions _inversions = new(byNode: true);
    private readonly CausalPast _past = new(acrossGroups: true);

    public override void Check(TraceIndex index, Verdict verdict)
    {
        if (index.History.GroupCount < 2 || verdict.Count("VS-13") + verdict.Count("VS-14") + verdict.Count("VS-15") > 0)
            return;
        _past.Build(index);
        _frontier.Begin(index);
        for (int i = 0; i < index.Deliveries.Count; i++)
            CheckDelivery(index, verdict, i);
        if (_inversions.NoneByNumbers(index))
            return;
        foreach (Inversion i in _inversions.Find(index))
            Report(verdict, $"{index.IdOf(index.Deliveries[i.FirstHere].Process)} delivered {index.NameOf(index.Deliveries[i.FirstHere].Message)} before {index.NameOf(index.Deliveries[i.SecondHere].Message)} of another group, {index.IdOf(index.Deliveries[i.FirstThere].Process)} the other way round",
                index.DeliveryRef(i.FirstHere), index.DeliveryRef(i.SecondHere), index.DeliveryRef(i.FirstThere), index.DeliveryRef(i.SecondThere));
    }

    private void CheckDelivery(TraceIndex index, Verdict verdict, int delivery)
    {
        ref DeliveryRow d = ref index.Deliveries[delivery];
        ref MessageRow m = ref index.Messages[d.Message];
        if (m.Position < 0)
            return;
        ReportMissing(index, verdict, delivery, _frontier.Pass(index, d.Process, m.Sender, m.Position, itself: false));
        int vector = _past.VectorOf(d.Message);
        if (vector < 0 || m.Order == (byte)DeliveryOrder.Fifo)
            return;
        for (int s = 0; s < index.ProcessCount; s++)
        {
            int reach = _past.Reaches(vector, s);
            if (reach > 0 && s != m.Sender)
                ReportMissing(index, verdict, delivery, _frontier.Pass(index, d.Process, s, reach - 1, itself: true));
        }
    }

    private void ReportMissing(TraceIndex index, Verdict verdict, int delivery, int missing)
    {
        if (missing >= 0)
            Report(verdict, $"{index.IdOf(index.Deliveries[delivery].Process)} delivered {index.NameOf(index.Deliveries[delivery].Message)} and not before it {index.NameOf(missing)} of another group, which precedes it", index.SendRef(missing), index.SendRef(index.Deliveries[delivery].Message), index.DeliveryRef(delivery));
    }
}
