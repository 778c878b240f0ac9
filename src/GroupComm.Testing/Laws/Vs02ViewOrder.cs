namespace GroupComm.Testing.Laws;

/// <summary>View ids rise by one at each process. Group views, which a node may see only while it hosts a member, must rise.</summary>
internal sealed class Vs02ViewOrder() : Law("VS-2", "view order",
    "view ids at a process rise by one; a joiner's first may be any")
{
    public override void Check(TraceIndex index, Verdict verdict)
    {
        for (int i = 0; i < index.Installs.Count; i++)
        {
            ref InstallRow install = ref index.Installs[i];
            if (install.Previous < 0)
                continue;
            ref ViewRow before = ref index.Views[index.Installs[install.Previous].View];
            ref ViewRow after = ref index.Views[install.View];
            bool founded = after.Epoch > before.Epoch;
            if (!founded && (after.Epoch != before.Epoch || after.Number != before.Number + 1))
                Report(verdict, $"{index.IdOf(install.Process)} went from view {before.Number} to view {after.Number}", index.InstallRef(install.Previous), index.InstallRef(i));
        }
        for (int i = 0; i < index.GroupInstalls.Count; i++)
        {
            ref GroupInstallRow install = ref index.GroupInstalls[i];
            if (install.Previous < 0)
                continue;
            ref GroupInstallRow previous = ref index.GroupInstalls[install.Previous];
            ref GroupViewRow before = ref index.GroupViews[previous.GroupView];
            ref GroupViewRow after = ref index.GroupViews[install.GroupView];
            if (after.Epoch == before.Epoch && after.Number <= before.Number && install.GroupView != previous.GroupView)
                Report(verdict, $"{index.IdOf(install.Process)} went from group view {index.GroupViewName(previous.GroupView)} back to {index.GroupViewName(install.GroupView)}",
                    new EventRef(install.Process, previous.Event), new EventRef(install.Process, install.Event));
        }
    }
}
