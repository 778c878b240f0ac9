using System;
using GroupComm.Testing.Traces;

namespace GroupComm.Testing.Laws;

/// <summary>Said at each process that had a view before; of those who never install the new view nothing is demanded.</summary>
internal sealed class Vs10TransitionalSet() : Law("VS-10", "transitional set",
    "the transitional set names exactly those who install the view and come from the same one")
{
    public override void Check(TraceIndex index, Verdict verdict)
    {
        for (int i = 0; i < index.Installs.Count; i++)
        {
            ref InstallRow install = ref index.Installs[i];
            TraceDetail detail = index.History.Detail(index.Event(install.Process, install.Event).Detail);
            if (install.Previous < 0 || !detail.HasTransitional)
                continue;
            int from = index.Installs[install.Previous].View;
            for (int q = index.Views[install.View].LastInstall; q >= 0; q = index.Installs[q].PreviousOfView)
            {
                ref InstallRow other = ref index.Installs[q];
                bool together = other.Previous >= 0 && index.Installs[other.Previous].View == from;
                if (detail.Transitional.Contains(other.Process) != together)
                    Report(verdict, $"{index.IdOf(install.Process)} says that {index.IdOf(other.Process)} {(together ? "did not come" : "came")} along into view {index.Views[install.View].Number}, and that is wrong", index.InstallRef(i), index.InstallRef(q));
            }
        }
    }
}
