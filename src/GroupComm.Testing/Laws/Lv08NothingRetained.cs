namespace GroupComm.Testing.Laws;

/// <summary>Emptiness is demanded of the members of the final view, the bound of everyone.</summary>
internal sealed class Lv08NothingRetained() : Law("LV-8", "nothing retained",
    "after quiet nothing is retained, and never more than the configured bytes")
{
    public override void Check(TraceIndex index, Verdict verdict)
    {
        if (index.Stable is null)
            return;
        foreach (ProcessEnd end in index.Stable.Ends)
        {
            if (index.Stable.Expected.Contains(end.Process) && (end.RetainedBytes != 0 || end.RetainedBundles != 0 || end.UnconsumedBytes != 0))
                Report(verdict, $"{index.IdOf(end.Process)} retains {end.RetainedBytes} bytes in {end.RetainedBundles} bundles and {end.UnconsumedBytes} unconsumed bytes after quiet");
            if (index.Stable.MaxRetainedBytes > 0 && end.PeakRetainedBytes > index.Stable.MaxRetainedBytes)
                Report(verdict, $"{index.IdOf(end.Process)} retained {end.PeakRetainedBytes} bytes, more than the {index.Stable.MaxRetainedBytes} configured");
        }
    }
}
