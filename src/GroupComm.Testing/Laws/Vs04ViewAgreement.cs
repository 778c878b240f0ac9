using System;
using GroupComm.Testing.Traces;

namespace GroupComm.Testing.Laws;

/// <summary>Whoever installs a view, cluster or group, installs the same ranked members.</summary>
internal sealed class Vs04ViewAgreement() : Law("VS-4", "view agreement",
    "the same view id means the same ranked members")
{
    public override void Check(TraceIndex index, Verdict verdict)
    {
        History history = index.History;
        for (int i = 0; i < index.Installs.Count; i++)
        {
            ref InstallRow install = ref index.Installs[i];
            ref ViewRow view = ref index.Views[install.View];
            int detail = index.Event(install.Process, install.Event).Detail;
            if (detail != view.Detail && !history.Detail(detail).Members.SequenceEqual(history.Detail(view.Detail).Members))
                Report(verdict, $"view {view.Number} has other members at {index.IdOf(install.Process)} than at {index.IdOf(index.Installs[view.FirstInstall].Process)}", index.InstallRef(view.FirstInstall), index.InstallRef(i));
        }
        for (int i = 0; i < index.GroupInstalls.Count; i++)
        {
            ref GroupInstallRow install = ref index.GroupInstalls[i];
            ref GroupViewRow view = ref index.GroupViews[install.GroupView];
            int detail = index.Event(install.Process, install.Event).Detail;
            if (detail == view.Detail || history.Detail(detail).Members.SequenceEqual(history.Detail(view.Detail).Members))
                continue;
            ref GroupInstallRow first = ref index.GroupInstalls[view.FirstInstall];
            Report(verdict, $"group view {index.GroupViewName(install.GroupView)} has other members at {index.IdOf(install.Process)} than at {index.IdOf(first.Process)}",
                new EventRef(first.Process, first.Event), new EventRef(install.Process, install.Event));
        }
    }
}
