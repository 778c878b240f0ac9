using GroupComm.Testing.Traces;

namespace GroupComm.Testing.Laws;

/// <summary>
/// Compares moments of different processes, so the traces must be of one clock: of the simulator, or of one machine. What a
/// member has got as state counts as delivered: messages of group views before its first.
/// </summary>
internal sealed class Vs23BarrierRead() : Law("VS-23", "barrier read",
    "a barrier read returns a state with every message whose Safe receipt was given anywhere before it began")
{
    private readonly Table<(int Message, long At)> _safe = new();

    public override void Check(TraceIndex index, Verdict verdict)
    {
        if (index.Reads.Count == 0)
            return;
        _safe.Clear();
        foreach (AckRow ack in index.Acks.Rows)
        {
            ref readonly TraceEvent e = ref index.Event(ack.Process, ack.Event);
            if (e.Stage is TraceStage.Safe or TraceStage.Durable && index.FindMessage(e.Sender, e.MessageView, e.Sequence) is >= 0 and int message)
                _safe.Add((message, e.T));
        }
        foreach (EventRef read in index.Reads.Rows)
            CheckRead(index, verdict, read);
    }

    private void CheckRead(TraceIndex index, Verdict verdict, EventRef read)
    {
        ref readonly TraceEvent e = ref index.Event(read.Process, read.Event);
        if (e.Member < 0)
            return; // an old trace: who read is not known
        foreach ((int message, long at) in _safe.Rows)
        {
            if (at >= e.Sequence || index.Messages[message].Group != e.Group || Contains(index, e.Member, message, read) || IsState(index, e.Member, message, read))
                continue;
            Report(verdict, $"{index.History.MemberName(e.Member)} began to read after {index.NameOf(message)} was safe, and read a state without it", index.SendRef(message), read);
        }
    }

    private static bool Contains(TraceIndex index, int member, int message, EventRef read)
    {
        for (int d = index.Messages[message].LastDelivery; d >= 0; d = index.Deliveries[d].PreviousOfMessage)
            if (index.Deliveries[d].Member == member && index.Deliveries[d].Event < read.Event)
                return true;
        return false;
    }

    /// <summary>The message belongs to a group view before the member's first, or to none of the reader's epoch.</summary>
    private static bool IsState(TraceIndex index, int member, int message, EventRef read)
    {
        int groupView = index.GroupViewOf(message);
        if (groupView < 0)
            return true; // nobody says where it was delivered: VS-9 and LV-2 judge that
        ref GroupViewRow sent = ref index.GroupViews[groupView];
        foreach (GroupInstallRow install in index.GroupInstalls.Rows)
        {
            if (install.Process != read.Process || install.Event > read.Event || !index.IsIn(member, install.GroupView))
                continue;
            ref GroupViewRow first = ref index.GroupViews[install.GroupView];
            if (first.Group == sent.Group)
                return (sent.Epoch, sent.Number).CompareTo((first.Epoch, first.Number)) < 0;
        }
        return true; // it was in no view of the group when it read
    }
}
