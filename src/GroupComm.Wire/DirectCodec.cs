using System;
using GroupComm.Core;
using GroupComm.Core.Direct;
using GroupComm.Core.Messages;

namespace GroupComm.Wire;

/// <summary>Unicasts: <c>[kind, group, group view, target, sender, type id or nil, query view, query sequence, payload]</c>.</summary>
internal static class DirectCodec
{
    private const int LeastItem = 11;

    public static void Write(WireWriter writer, Direct message)
    {
        FrameHead.Write(writer, message, 2);
        writer.Int(message.First);
        writer.Array(message.Items.Count);
        foreach (DirectItem item in message.Items)
        {
            writer.Array(9);
            writer.Int((int)item.Kind);
            writer.Int(item.Group);
            writer.Int(item.GroupView);
            writer.Int(item.Target);
            writer.Int(item.Sender);
            if (item.TypeId is null)
                writer.Nil();
            else
                writer.Text(item.TypeId);
            writer.Int(item.QueryView);
            writer.Int(item.QuerySequence);
            int start = writer.BeginBlob();
            writer.Raw(item.Payload.Span);
            writer.EndBlob(start);
        }
    }

    public static Direct Read(ref WireReader reader, ViewKey view, DecodeContext context)
    {
        long first = reader.Range(1, WireLimits.MaxNumber);
        int list = reader.BeginList(out int count, int.MaxValue, LeastItem);
        DirectItem[] items = count == 0 ? [] : new DirectItem[count];
        for (int i = 0; i < items.Length && !reader.Failed; i++)
            items[i] = ReadItem(ref reader, context);
        reader.End(list);
        if (items.Length == 0)
            reader.Fail("unicasts without content");
        return new Direct(view, first, items);
    }

    public static DirectAck ReadAck(ref WireReader reader, ViewKey view)
    {
        var ack = new DirectAck(view, reader.Number(), reader.Number());
        if (ack.Consumed > ack.Received)
            reader.Fail("more unicasts handled than received");
        return ack;
    }

    private static DirectItem ReadItem(ref WireReader reader, DecodeContext context)
    {
        int saved = reader.Begin();
        var kind = (DirectKind)reader.Int32(0, (int)DirectKind.ReplyError);
        int group = reader.Int32();
        long groupView = reader.Number();
        int target = reader.Int32();
        int sender = reader.Int32();
        string? typeId = null;
        if (!reader.AtNothing() && reader.TextBytes(WireLimits.MaxTypeId) is { IsEmpty: false } text)
            typeId = context.TypeIds.Get(text);
        long queryView = reader.Number();
        long querySequence = reader.Number();
        ReadOnlySpan<byte> payload = reader.Blob();
        if (payload.Length > DirectLimits.MaxPayload)
            reader.Fail("a unicast above the limit");
        reader.End(saved);
        return new DirectItem(
            kind, group, groupView, target, sender, typeId, queryView, querySequence, reader.Failed ? default : payload.ToArray());
    }
}
