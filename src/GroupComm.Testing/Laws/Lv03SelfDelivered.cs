namespace GroupComm.Testing.Laws;

/// <summary>Open sends have no member and owe nothing.</summary>
internal sealed class Lv03SelfDelivered() : Law("LV-3", "delivered by itself",
    "what a member sends in a stable period it delivers itself")
{
    public override void Check(TraceIndex index, Verdict verdict)
    {
        if (index.Stable is null)
            return;
        foreach (StableSend send in index.Stable.Sends)
        {
            int message = index.FindMessage(send.Process, send.View, send.Sequence);
            if (message >= 0 && index.Messages[message].Member >= 0 && !index.Messages[message].SelfDelivered && index.Stable.Expected.Contains(send.Process))
                Report(verdict, $"{index.History.MemberName(index.Messages[message].Member)} never delivered its own {index.NameOf(message)}", index.SendRef(message));
        }
    }
}
