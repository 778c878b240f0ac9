using System;
using System.Buffers;
using System.Collections.Generic;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace GroupComm.Daemon.Sidecar.Events;

/// <summary>A delivered message, while its bytes are valid.</summary>
internal readonly record struct MessageContent(ReadOnlySequence<byte> Payload, MessageContext Context, string? TypeId);

/// <summary>Events as Server-Sent Events: <c>id</c>, <c>event</c>, one line of JSON.</summary>
internal static class Frames
{
    public static byte[] Message(LogKey key, MessageContent content) => Of("message", key.Id, json =>
    {
        MessageContext context = content.Context;
        json.WriteString("id", context.Id.ToString());
        json.WriteString("from", context.Sender?.ToString() ?? context.SenderNode.ToString());
        json.WriteString("order", CommandLine.Orders.Name(context.Order));
        json.WriteString("view", key.View.ToString());
        json.WriteNumber("position", key.Position);
        json.WriteString("type", content.TypeId);
        ReadOnlySpan<byte> payload = content.Payload.IsSingleSegment ? content.Payload.FirstSpan : content.Payload.ToArray();
        if (Utf8.IsValid(payload))
            json.WriteString("text", payload);
        else
            json.WriteBase64String("base64", payload);
    });

    /// <param name="key">Its place; null: the event has no id.</param>
    /// <param name="notice">Anything but a message.</param>
    public static byte[] Notice(LogKey key, GroupEvent notice) => notice switch
    {
        ViewInstalled installed => View(installed.View, key.Id, null),
        Transitional transitional => Of("transitional", null, json => json.WriteString("view", transitional.View.ToString())),
        PrimaryLost lost => Of("primary-lost", null, json => json.WriteString("reason", lost.Reason)),
        PrimaryRegained => Of("primary-regained", null, _ => { }),
        GroupLost => Of("group-lost", null, json => json.WriteString("reason", "no quorum of the last view can ever answer; the cluster begins anew")),
        Excluded excluded => Of("excluded", null, json => json.WriteString("reason", excluded.Reason)),
        global::GroupComm.Reset => Reset("the member is back in another life of this node: forget what you knew"),
        global::GroupComm.Left => Left("the member has left"),
        _ => throw new InvalidOperationException($"unknown event {notice.GetType().Name}"),
    };

    /// <param name="view">The view.</param>
    /// <param name="id">Of the event.</param>
    /// <param name="self">The client's own member, in its first event; else null.</param>
    public static byte[] View(GroupView view, string id, MemberId? self) => Of("view", id, json =>
    {
        json.WriteString("group", view.Group);
        json.WriteString("id", view.Id.ToString());
        if (self is { } own)
            json.WriteString("self", own.ToString());
        Members(json, "members", view.Members);
        Members(json, "joined", view.Joined);
        Members(json, "left", view.Left);
        json.WriteString("reason", view.Reason);
        json.WriteString("fencingToken", view.Token.ToString());
    });

    public static byte[] Reset(string reason) => Of("reset", null, json => json.WriteString("reason", reason));

    public static byte[] Left(string reason) => Of("left", null, json => json.WriteString("reason", reason));

    public static byte[] Dropped(string reason) => Of("dropped", null, json =>
    {
        json.WriteString("reason", reason);
        json.WriteString("fix", "read faster, or join again: what was missed is not sent");
    });

    public static void Members(Utf8JsonWriter json, string name, IReadOnlyList<MemberId> members)
    {
        json.WriteStartArray(name);
        foreach (MemberId member in members)
            json.WriteStringValue(member.ToString());
        json.WriteEndArray();
    }

    public static byte[] Of(string name, string? id, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        Text(buffer, id is null ? $"event: {name}\ndata: " : $"id: {id}\nevent: {name}\ndata: ");
        using (var json = new Utf8JsonWriter(buffer, Reply.Readable))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        Text(buffer, "\n\n");
        return buffer.WrittenSpan.ToArray();
    }

    private static void Text(ArrayBufferWriter<byte> buffer, string text) =>
        buffer.Advance(Encoding.UTF8.GetBytes(text, buffer.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length))));
}
