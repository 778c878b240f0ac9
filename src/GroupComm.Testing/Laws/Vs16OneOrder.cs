namespace GroupComm.Testing.Laws;

/// <summary>Per part of a group view in a cluster view; the first sequence seen is the reference and longer ones extend it.</summary>
internal sealed class Vs16OneOrder() : Law("VS-16", "one order",
    "the safe messages of every process, crashed and excluded ones too, are a prefix of one sequence of the view")
{
    private readonly Table<int> _first = new();
    private readonly Table<int> _next = new();
    private readonly Table<int> _last = new();

    public override void Check(TraceIndex index, Verdict verdict)
    {
        _first.Fill(index.Cells.Count, -1);
        _next.Fill(index.Messages.Count, -1);
        _last.Fill(index.Stays.Count, -1);
        for (int i = 0; i < index.Deliveries.Count; i++)
        {
            ref DeliveryRow d = ref index.Deliveries[i];
            if (d.Order != (byte)DeliveryOrder.Safe || d.Stay < 0)
                continue;
            ref int last = ref _last[d.Stay];
            if (last == d.Message || last == -2)
                continue;
            ref int expected = ref last < 0 ? ref _first[index.Stays[d.Stay].Cell] : ref _next[last];
            if (expected < 0)
                expected = d.Message;
            last = d.Message;
            if (expected == d.Message)
                continue;
            last = -2;
            Report(verdict, $"{index.History.MemberName(d.Member)} delivered the safe message {index.NameOf(d.Message)} where {index.IdOf(index.Deliveries[index.Messages[expected].FirstDelivery].Process)} delivered {index.NameOf(expected)}",
                index.DeliveryRef(i), index.DeliveryRef(index.Messages[expected].FirstDelivery));
        }
    }
}
