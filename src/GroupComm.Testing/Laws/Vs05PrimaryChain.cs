using System;
using GroupComm.Testing.Traces;

namespace GroupComm.Testing.Laws;

/// <summary>The quorum half of the chain; that its views agree is VS-4, that each process walks it step by step VS-2.</summary>
internal sealed class Vs05PrimaryChain() : Law("VS-5", "primary chain",
    "primary views form one chain: those who stay plus those who said that they leave are a quorum of the view before")
{
    private readonly Table<bool> _left = new();

    public override void Check(TraceIndex index, Verdict verdict)
    {
        _left.Fill(index.ProcessCount, false);
        foreach (EventRef mark in index.Marks.Rows)
        {
            ref readonly TraceEvent e = ref index.Event(mark.Process, mark.Event);
            if (e.Kind == TraceKind.Leave && e.Group < 0)
                _left[mark.Process] = true;
        }
        for (int v = 0; v < index.Views.Count; v++)
        {
            ref ViewRow view = ref index.Views[v];
            if (view.FirstInstall < 0 || !IsPrimary(index, view.FirstInstall))
                continue;
            int before = index.FindView(view.Epoch, view.Number - 1);
            if (before >= 0 && index.Views[before].FirstInstall >= 0 && IsPrimary(index, index.Views[before].FirstInstall))
                CheckStep(index, verdict, before, v);
        }
    }

    private void CheckStep(TraceIndex index, Verdict verdict, int before, int after)
    {
        ReadOnlySpan<int> old = index.MembersOf(before);
        ReadOnlySpan<int> next = index.MembersOf(after);
        int count = 0;
        bool lowest = false;
        for (int rank = 0; rank < old.Length; rank++)
        {
            if (!next.Contains(old[rank]) && !_left[old[rank]])
                continue;
            count++;
            lowest |= rank == 0;
        }
        if (!Quorum.Is(count, old.Length, lowest))
            Report(verdict, $"view {index.Views[after].Number} follows view {index.Views[before].Number} with {count} of its {old.Length} members staying or leaving, which is no quorum",
                index.InstallRef(index.Views[before].FirstInstall), index.InstallRef(index.Views[after].FirstInstall));
    }

    private static bool IsPrimary(TraceIndex index, int install) => index.Event(index.Installs[install].Process, index.Installs[install].Event).Flag;
}
