using System;

namespace GroupComm.Testing.Laws;

/// <summary>If p goes from V to W, then every member of V that installs W comes from V too.</summary>
internal sealed class Vs11SuccessorsAgree() : Law("VS-11", "successors agree",
    "whoever is in a view and installs its successor comes from that view")
{
    public override void Check(TraceIndex index, Verdict verdict)
    {
        for (int i = 0; i < index.Installs.Count; i++)
        {
            ref InstallRow install = ref index.Installs[i];
            if (install.Previous < 0)
                continue;
            int from = index.Installs[install.Previous].View;
            ReadOnlySpan<int> members = index.MembersOf(from);
            for (int q = index.Views[install.View].LastInstall; q >= 0; q = index.Installs[q].PreviousOfView)
            {
                ref InstallRow other = ref index.Installs[q];
                bool comes = other.Previous >= 0 && index.Installs[other.Previous].View == from;
                if (!comes && members.Contains(other.Process))
                    Report(verdict, $"{index.IdOf(other.Process)} is in view {index.Views[from].Number} and installed view {index.Views[install.View].Number} without coming from it", index.InstallRef(install.Previous), index.InstallRef(q));
            }
        }
    }
}
