using System;
using System.Collections.Generic;
using GroupComm.Core;
using GroupComm.Testing.Traces;

namespace GroupComm.Testing.Laws;

/// <summary>The quorum half of the chain; that its views agree is VS-4, that each process walks it step by step VS-2.</summary>
internal sealed class Vs05PrimaryChain() : Law("VS-5", "primary chain",
    "primary views form one chain: those who stay plus the leavers who answered are a quorum of the view before")
{
    private readonly Table<bool> _left = new();
    private readonly List<EventRef> _wedges = [];

    public override void Check(TraceIndex index, Verdict verdict)
    {
        _left.Fill(index.ProcessCount, false);
        _wedges.Clear();
        foreach (EventRef mark in index.Marks.Rows)
        {
            ref readonly TraceEvent e = ref index.Event(mark.Process, mark.Event);
            if (e.Kind == TraceKind.Leave && e.Group < 0)
                _left[mark.Process] = true;
            else if (e.Kind == TraceKind.Wedge)
                _wedges.Add(mark);
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
            if (!next.Contains(old[rank]) && !_left[old[rank]] && !AnsweredAndLeft(index, before, after, old[rank]))
                continue;
            count++;
            lowest |= rank == 0;
        }
        if (!Quorum.Is(count, old.Length, lowest))
            Report(verdict, $"view {index.Views[after].Number} follows view {index.Views[before].Number} with {count} of its {old.Length} members staying or leaving, which is no quorum",
                index.InstallRef(index.Views[before].FirstInstall), index.InstallRef(index.Views[after].FirstInstall));
    }

    /// <summary>P7 counts the leavers who answered. One of them may die before it can write that it left: then it is enough that it
    /// wedged the view, as it does when it answers, and that the next view says that it left.</summary>
    private bool AnsweredAndLeft(TraceIndex index, int before, int after, int process)
    {
        bool named = false;
        for (int i = index.Views[after].LastInstall; i >= 0 && !named; i = index.Installs[i].PreviousOfView)
        {
            int detail = index.Event(index.Installs[i].Process, index.Installs[i].Event).Detail;
            foreach (LeftNode left in index.History.Detail(detail).Left)
                named |= left.Process == process && left.Reason == Departure.Left;
        }
        if (!named)
            return false;
        foreach (EventRef wedge in _wedges)
            if (wedge.Process == process && index.Event(wedge.Process, wedge.Event).View == index.Views[before].Number && IsIn(index, before, wedge))
                return true;
        return false;
    }

    /// <summary>The view of that number in which the process was at the event is this one, and not one of another epoch.</summary>
    private static bool IsIn(TraceIndex index, int view, EventRef at)
    {
        int install = index.InstallOf(at.Process, view);
        return install >= 0 && index.Installs[install].Event < at.Event && (index.Installs[install].Next < 0 || index.Installs[index.Installs[install].Next].Event > at.Event);
    }

    private static bool IsPrimary(TraceIndex index, int install) => index.Event(index.Installs[install].Process, index.Installs[install].Event).Flag;
}
