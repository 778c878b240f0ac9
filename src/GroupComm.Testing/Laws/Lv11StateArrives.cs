namespace GroupComm.Testing.Laws;

/// <summary>Whoever waits at a quiet end waits for ever.</summary>
internal sealed class Lv11StateArrives() : Law("LV-11", "state arrives",
    "every joiner of a group with state gets it, or its join fails because no state is left")
{
    public override void Check(TraceIndex index, Verdict verdict)
    {
        if (index.Stable is null)
            return;
        foreach (ProcessEnd end in index.Stable.Ends)
            if (end.AwaitingState > 0)
                Report(verdict, $"{index.IdOf(end.Process)} still awaits the state of {end.AwaitingState} groups after quiet");
    }
}
