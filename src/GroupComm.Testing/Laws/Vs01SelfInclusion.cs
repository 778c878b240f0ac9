using System;
namespace GroupComm.Testing.Laws;

/// <summary>Every process that installs a view is one of its members. Cluster views.</summary>
internal sealed class Vs01SelfInclusion() : Law("VS-1", "self inclusion",
    "a process that installs a view is in it")
{
    public override void Check(TraceIndex index, Verdict verdict)
    {
        for (int i = 0; i < index.Installs.Count; i++)
        {
            ref InstallRow install = ref index.Installs[i];
            int detail = index.Event(install.Process, install.Event).Detail;
            if (!index.History.Detail(detail).Members.Contains(install.Process))
                Report(verdict, $"{index.IdOf(install.Process)} installed view {index.Views[install.View].Number} and is not in it", index.InstallRef(i));
        }
    }
}
