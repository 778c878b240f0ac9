using GroupComm.Testing.Traces;

namespace GroupComm.Testing.Laws;

/// <summary>Exclusion ends an incarnation.</summary>
internal sealed class Vs19ExclusionIsFinal() : Law("VS-19", "exclusion is final",
    "after a process learned that it is excluded, that incarnation neither delivers, nor sends, nor calls anything safe")
{
    public override void Check(TraceIndex index, Verdict verdict)
    {
        foreach (EventRef mark in index.Marks.Rows)
        {
            ProcessTrace trace = index.History.Processes[mark.Process];
            if (trace[mark.Event].Kind != TraceKind.Excluded)
                continue;
            for (int i = mark.Event + 1; i < trace.Count; i++)
            {
                ref readonly TraceEvent e = ref trace[i];
                if (e.Kind is TraceKind.Send or TraceKind.Deliver || (e.Kind == TraceKind.Ack && e.Stage == TraceStage.Safe))
                    Report(verdict, $"{trace.Id} went on after it was excluded by view {trace[mark.Event].View}", mark, new EventRef(mark.Process, i));
            }
        }
    }
}
