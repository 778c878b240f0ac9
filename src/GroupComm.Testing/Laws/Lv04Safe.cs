using GroupComm.Testing.Traces;

namespace GroupComm.Testing.Laws;

/// <summary>By the Safe receipt in the trace, for sends whose receipt the harness follows. Durable groups are not covered yet.</summary>
internal sealed class Lv04Safe() : Law("LV-4", "becomes safe",
    "what is sent in a stable period becomes safe")
{
    private readonly Table<bool> _safe = new();

    public override void Check(TraceIndex index, Verdict verdict)
    {
        if (index.Stable is null || index.Stable.Sends.Count == 0)
            return;
        _safe.Fill(index.Messages.Count, false);
        foreach (AckRow ack in index.Acks.Rows)
        {
            ref readonly TraceEvent e = ref index.Event(ack.Process, ack.Event);
            if (e.Stage is not (TraceStage.Safe or TraceStage.Durable))
                continue;
            int message = index.FindMessage(e.Sender, e.MessageView, e.Sequence);
            if (message >= 0)
                _safe[message] = true;
        }
        foreach (StableSend send in index.Stable.Sends)
        {
            int message = index.FindMessage(send.Process, send.View, send.Sequence);
            if (send.AwaitsSafe && message >= 0 && !_safe[message])
                Report(verdict, $"{index.NameOf(message)} never became safe", index.SendRef(message));
        }
    }
}
