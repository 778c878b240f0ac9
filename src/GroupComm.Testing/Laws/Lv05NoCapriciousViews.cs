using System;

namespace GroupComm.Testing.Laws;

/// <summary>A view counts from its first install anywhere.</summary>
internal sealed class Lv05NoCapriciousViews() : Law("LV-5", "no capricious views",
    "a stable period has no more views than real changes, and one that was already under way")
{
    public override void Check(TraceIndex index, Verdict verdict)
    {
        if (index.Stable is null)
            return;
        int allowed = index.Stable.RealChanges + (index.Stable.WedgedAtStart ? 1 : 0);
        int fresh = 0;
        int last = -1;
        for (int v = 0; v < index.Views.Count; v++)
        {
            long began = long.MaxValue;
            for (int i = index.Views[v].LastInstall; i >= 0; i = index.Installs[i].PreviousOfView)
                began = Math.Min(began, index.Event(index.Installs[i].Process, index.Installs[i].Event).T);
            if (began == long.MaxValue || began <= index.Stable.HealTime)
                continue;
            fresh++;
            last = index.Views[v].FirstInstall;
        }
        if (fresh > allowed)
            Report(verdict, $"{fresh} views in the stable period, {allowed} have a cause", index.InstallRef(last));
    }
}
