namespace GroupComm.Testing.Laws;

/// <summary>Asked of the members of the final view.</summary>
internal sealed class Lv09CanSend() : Law("LV-9", "can send",
    "after a view change every live sender can send")
{
    public override void Check(TraceIndex index, Verdict verdict)
    {
        if (index.Stable is null)
            return;
        foreach (ProcessEnd end in index.Stable.Ends)
            if (index.Stable.Expected.Contains(end.Process) && (!end.CanSend || end.HeldSends > 0))
                Report(verdict, $"{index.IdOf(end.Process)} cannot send at the end, {end.HeldSends} sends are held");
    }
}
