namespace GroupComm.Testing.Laws;

/// <summary>Held against the last install of each expected member.</summary>
internal sealed class Lv07ViewChangeTime() : Law("LV-7", "view change time",
    "a view change ends within ten round trips after the last change, plus detection, plus the transfer of missing bodies")
{
    public override void Check(TraceIndex index, Verdict verdict)
    {
        StablePeriod? stable = index.Stable;
        if (stable is null)
            return;
        long deadline = stable.LastChange + (10 * stable.RoundTrip) + stable.DetectionBound + stable.TransferTime;
        foreach (int p in stable.Expected)
        {
            int install = index.LastInstall[p];
            if (install >= 0 && index.Event(p, index.Installs[install].Event).T > deadline)
                Report(verdict, $"{index.IdOf(p)} installed view {index.Views[index.Installs[install].View].Number} {index.Event(p, index.Installs[install].Event).T - deadline} ns too late", index.InstallRef(install));
        }
    }
}
