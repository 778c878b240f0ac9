namespace GroupComm.Testing.Laws;

/// <summary>Deliveries are indexed process by process, so the earlier ones of the same process are next in the chain.</summary>
internal sealed class Vs07NoDuplicate() : Law("VS-7", "no duplicate",
    "a member delivers a message at most once")
{
    public override void Check(TraceIndex index, Verdict verdict)
    {
        for (int i = 0; i < index.Deliveries.Count; i++)
        {
            ref DeliveryRow d = ref index.Deliveries[i];
            for (int o = d.PreviousOfMessage; o >= 0 && index.Deliveries[o].Process == d.Process; o = index.Deliveries[o].PreviousOfMessage)
            {
                if (index.Deliveries[o].Member != d.Member)
                    continue;
                Report(verdict, $"{index.History.MemberName(d.Member)} delivered {index.NameOf(d.Message)} twice", index.DeliveryRef(o), index.DeliveryRef(i));
                break;
            }
        }
    }
}
