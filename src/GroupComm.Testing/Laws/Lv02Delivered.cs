namespace GroupComm.Testing.Laws;

/// <summary>Members of the message's group view on processes of the final view, but those that left the group for good: one that knows of
/// the end of an empty group delivers nothing that others send before they know.</summary>
internal sealed class Lv02Delivered() : Law("LV-2", "delivered by all",
    "what is sent in a stable period is delivered by every other connected member of its group view")
{
    public override void Check(TraceIndex index, Verdict verdict)
    {
        if (index.Stable is null)
            return;
        foreach (StableSend send in index.Stable.Sends)
        {
            int message = index.FindMessage(send.Process, send.View, send.Sequence);
            if (message < 0 || index.Messages[message].Event < 0)
            {
                Report(verdict, $"{new MessageId(index.IdOf(send.Process), send.View, send.Sequence)} is in no trace");
                continue;
            }
            int groupView = index.GroupViewOf(message);
            if (groupView < 0)
                groupView = index.Messages[message].GroupView;
            if (groupView < 0 || index.GroupViews[groupView].Detail < 0)
                continue;
            foreach (int member in index.History.Detail(index.GroupViews[groupView].Detail).Members)
                if (member != index.Messages[message].Member && index.Stable.Expected.Contains(index.History.MemberAt(member).Process)
                    && !index.HasLeft(member) && !index.HasDelivered(member, message))
                    Report(verdict, $"{index.History.MemberName(member)} never delivered {index.NameOf(message)} of the stable period", index.SendRef(message));
        }
    }
}
