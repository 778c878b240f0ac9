using GroupComm.Testing.Traces;

namespace GroupComm.Testing.Laws;

/// <summary>A send is in the trace when it gets its sequence, so a wedged view must show none. Receipts are no protocol acknowledgements and may come with the rest of the cut.</summary>
internal sealed class Vs20Flush() : Law("VS-20", "flush",
    "nothing of a view is sent by a process after it wedged the view")
{
    public override void Check(TraceIndex index, Verdict verdict)
    {
        foreach (EventRef mark in index.Marks.Rows)
        {
            ProcessTrace trace = index.History.Processes[mark.Process];
            if (trace[mark.Event].Kind != TraceKind.Wedge)
                continue;
            long view = trace[mark.Event].View;
            for (int i = mark.Event + 1; i < trace.Count && trace[i].Kind is not (TraceKind.View or TraceKind.Wedge); i++)
                if (trace[i].Kind == TraceKind.Send && trace[i].MessageView == view)
                    Report(verdict, $"{trace.Id} sent in view {view} after it had wedged it", mark, new EventRef(mark.Process, i));
        }
    }
}
