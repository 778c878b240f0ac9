using GroupComm.Testing.Traces;

namespace GroupComm.Testing.Laws;

/// <summary>Between not-primary (or the end of the detection bound) and healing a minority member must do nothing.</summary>
internal sealed class Lv06Minority() : Law("LV-6", "minority",
    "a minority says in time that it is not primary, accepts no send, installs nothing; healed, it goes on or is told that it is excluded")
{
    public override void Check(TraceIndex index, Verdict verdict)
    {
        if (index.Stable is null)
            return;
        foreach (MinorityStay stay in index.Stable.Minority)
            CheckStay(index, verdict, index.Stable, stay);
        foreach (ProcessEnd end in index.Stable.Ends)
            if (end.AcceptedWhileNotPrimary > 0)
                Report(verdict, $"{index.IdOf(end.Process)} accepted {end.AcceptedWhileNotPrimary} sends while it was not primary");
    }

    private void CheckStay(TraceIndex index, Verdict verdict, StablePeriod stable, MinorityStay stay)
    {
        ProcessTrace trace = index.History.Processes[stay.Process];
        long deadline = stay.Since + stable.DetectionBound;
        bool primary = true;
        bool said = false;
        bool over = false;
        for (int i = 0; i < trace.Count; i++)
        {
            ref readonly TraceEvent e = ref trace[i];
            if (e.Kind == TraceKind.Primary)
                primary = e.Flag;
            over |= e.Kind is TraceKind.Excluded or TraceKind.Stop || (e.Kind == TraceKind.Leave && e.Group < 0);
            said |= !primary && e.T >= stay.Since && e.T <= deadline;
            bool cutOff = e.T > stay.Since && e.T <= stay.Until && (!primary || e.T > deadline);
            if (cutOff && (e.Kind is TraceKind.View or TraceKind.Send))
                Report(verdict, $"{trace.Id} is cut off from every quorum and {(e.Kind == TraceKind.View ? "installed a view" : "accepted a send")}", new EventRef(stay.Process, i));
            if (e.T <= stay.Since)
                said = !primary;
        }
        bool lives = stable.Live.Contains(stay.Process);
        if (!said && stay.Until > deadline && !over)
            Report(verdict, $"{trace.Id} was cut off from every quorum and did not say within {stable.DetectionBound} ns that it is not primary");
        if (!lives || over || stable.Expected.Count == 0)
            return;
        foreach (ProcessEnd end in stable.Ends)
            if (end.Process == stay.Process && !end.Primary)
                Report(verdict, $"{trace.Id} was healed and neither goes on nor knows that it is excluded");
    }
}
