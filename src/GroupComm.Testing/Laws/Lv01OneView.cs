using System;

namespace GroupComm.Testing.Laws;

/// <summary>Expected members end in the same last view, primary, and it holds nobody else.</summary>
internal sealed class Lv01OneView() : Law("LV-1", "one view",
    "a stable connected set with a quorum of the last view ends in one view of exactly that set")
{
    public override void Check(TraceIndex index, Verdict verdict)
    {
        StablePeriod? stable = index.Stable;
        if (stable is null || stable.Expected.Count == 0)
            return;
        int reference = -1;
        foreach (int p in stable.Expected)
        {
            int install = index.LastInstall[p];
            if (install < 0)
            {
                Report(verdict, $"{index.IdOf(p)} should be in the final view and never installed one");
                continue;
            }
            reference = reference < 0 ? install : reference;
            if (index.Installs[install].View != index.Installs[reference].View)
                Report(verdict, $"{index.IdOf(p)} ends in view {index.Views[index.Installs[install].View].Number}, {index.IdOf(index.Installs[reference].Process)} in view {index.Views[index.Installs[reference].View].Number}", index.InstallRef(install), index.InstallRef(reference));
        }
        if (reference < 0)
            return;
        ReadOnlySpan<int> members = index.MembersOf(index.Installs[reference].View);
        bool exact = members.Length == stable.Expected.Count;
        foreach (int p in members)
            exact &= stable.Expected.Contains(p);
        if (!exact)
            Report(verdict, $"the final view {index.Views[index.Installs[reference].View].Number} has {members.Length} members and not exactly the {stable.Expected.Count} that are connected", index.InstallRef(reference));
        foreach (ProcessEnd end in stable.Ends)
            if (stable.Expected.Contains(end.Process) && (!end.Primary || end.View != index.Views[index.Installs[reference].View].Number))
                Report(verdict, $"{index.IdOf(end.Process)} ends in view {end.View}, primary {end.Primary}, and should be primary in view {index.Views[index.Installs[reference].View].Number}", index.InstallRef(reference));
    }
}
