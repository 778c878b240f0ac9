namespace GroupComm.Testing.Laws;

/// <summary>The view is the group view, within its cluster view; for an agreed-only group the cluster view alone. A member that left the group owes nothing.</summary>
internal sealed class Vs12SelfDelivery() : Law("VS-12", "self delivery",
    "a member that leaves a view for a successor has delivered all that it sent in it as a member")
{
    public override void Check(TraceIndex index, Verdict verdict)
    {
        foreach (int message in index.Sends.Rows)
        {
            ref MessageRow m = ref index.Messages[message];
            if (m.SelfDelivered || m.Stay < 0)
                continue;
            int stay = m.Stay;
            if (index.History.IsAgreedOnly(m.Group))
                while (index.Stays[stay].End == StayEnd.GroupView)
                    stay = index.Stays[stay].Next;
            ref StayRow s = ref index.Stays[stay];
            if (s.End is StayEnd.View or StayEnd.GroupView)
                Report(verdict, $"{index.History.MemberName(m.Member)} went on without delivering its own {index.NameOf(message)}", index.SendRef(message), new EventRef(s.Process, s.EndEvent));
        }
    }
}
