namespace GroupComm.Testing.Laws;

/// <summary>Inversions, for all who were in the view, whether they go on or not. With equal sets (VS-9) no inversion means the same sequence.</summary>
internal sealed class Vs15AgreedOrder() : Law("VS-15", "agreed order",
    "no two members deliver two agreed or safe messages of a view in opposite order")
{
    private readonly OrderInversions _inversions = new(byNode: false);

    public override void Check(TraceIndex index, Verdict verdict)
    {
        if (_inversions.NoneByNumbers(index))
            return;
        foreach (Inversion i in _inversions.Find(index))
            Report(verdict, $"{index.History.MemberName(index.Deliveries[i.FirstHere].Member)} delivered {index.NameOf(index.Deliveries[i.FirstHere].Message)} before {index.NameOf(index.Deliveries[i.SecondHere].Message)}, {index.History.MemberName(index.Deliveries[i.FirstThere].Member)} the other way round",
                index.DeliveryRef(i.FirstHere), index.DeliveryRef(i.SecondHere), index.DeliveryRef(i.FirstThere), index.DeliveryRef(i.SecondThere));
    }
}
