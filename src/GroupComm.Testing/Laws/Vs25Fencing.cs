using System;

namespace GroupComm.Testing.Laws;

/// <summary>Group views in order of epoch and number; each later one has a greater token.</summary>
internal sealed class Vs25Fencing() : Law("VS-25", "fencing",
    "tokens grow along the views of a group, and a view has one token")
{
    private readonly Table<int> _sorted = new();
    private TraceIndex? _index;
    private Comparison<int>? _byAge;

    public override void Check(TraceIndex index, Verdict verdict)
    {
        _index = index;
        for (int i = 0; i < index.GroupInstalls.Count; i++)
        {
            ref GroupInstallRow install = ref index.GroupInstalls[i];
            ref GroupInstallRow first = ref index.GroupInstalls[index.GroupViews[install.GroupView].FirstInstall];
            if (Token(index, install) != Token(index, first))
                Report(verdict, $"group view {index.GroupViewName(install.GroupView)} has token {Token(index, first)} at one node and {Token(index, install)} at another", new EventRef(first.Process, first.Event), new EventRef(install.Process, install.Event));
        }
        _sorted.Clear();
        for (int g = 0; g < index.GroupViews.Count; g++)
            if (index.GroupViews[g].FirstInstall >= 0)
                _sorted.Add(g);
        _sorted.Rows.Sort(_byAge ??= ByAge);
        for (int i = 1; i < _sorted.Count; i++)
        {
            ref GroupViewRow before = ref index.GroupViews[_sorted[i - 1]];
            ref GroupViewRow after = ref index.GroupViews[_sorted[i]];
            ref GroupInstallRow a = ref index.GroupInstalls[before.FirstInstall];
            ref GroupInstallRow b = ref index.GroupInstalls[after.FirstInstall];
            if (before.Group == after.Group && Token(index, a) >= Token(index, b))
                Report(verdict, $"the token does not grow from group view {index.GroupViewName(_sorted[i - 1])} to {index.GroupViewName(_sorted[i])}", new EventRef(a.Process, a.Event), new EventRef(b.Process, b.Event));
        }
    }

    private int ByAge(int x, int y)
    {
        ref GroupViewRow a = ref _index!.GroupViews[x];
        ref GroupViewRow b = ref _index.GroupViews[y];
        int c = a.Group.CompareTo(b.Group);
        c = c != 0 ? c : a.Epoch.CompareTo(b.Epoch);
        c = c != 0 ? c : a.Number.CompareTo(b.Number);
        return c != 0 ? c : a.ClusterView.CompareTo(b.ClusterView);
    }

    private static FencingToken Token(TraceIndex index, in GroupInstallRow install) =>
        index.History.Detail(index.Event(install.Process, install.Event).Detail).Token;
}
