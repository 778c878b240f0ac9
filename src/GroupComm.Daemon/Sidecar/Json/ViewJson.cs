using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.Json;
using GroupComm.Daemon.Sidecar.Events;
using GroupComm.Runtime.Inspection;

namespace GroupComm.Daemon.Sidecar.Json;

/// <summary>Cluster view and groups as clients see them.</summary>
internal static class ViewJson
{
    public static void Cluster(Utf8JsonWriter json, IGroupCommNode node, string cluster, ViewHistory history)
    {
        View? view = node.View;
        json.WriteString("cluster", cluster);
        json.WriteString("node", node.Id.ToString());
        if (view is null)
            json.WriteNull("id");
        else
            json.WriteNumber("id", view.Id);
        json.WriteBoolean("primary", node.IsPrimary);
        json.WriteStartArray("members");
        foreach (ViewMember member in view?.Members ?? [])
        {
            json.WriteStartObject();
            json.WriteString("name", member.Id.Name);
            json.WriteNumber("incarnation", member.Id.Incarnation);
            json.WriteString("address", member.Address);
            json.WriteNumber("rank", member.Rank);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteString("coordinator", view?.Members[0].Id.Name);
        json.WriteString("since", view is null ? null : Time(history.SinceOf(view.Id)));
        if (!node.IsPrimary)
            json.WriteString("waiting", node.Waiting);
    }

    public static void Groups(Utf8JsonWriter json, IReadOnlyList<KnownGroup> groups)
    {
        json.WriteStartArray("groups");
        foreach (KnownGroup group in groups)
        {
            json.WriteStartObject();
            json.WriteString("group", group.Name);
            json.WriteString("view", group.View.Id.ToString());
            json.WriteNumber("members", group.View.Members.Count);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    public static void Group(Utf8JsonWriter json, KnownGroup group)
    {
        json.WriteString("group", group.Name);
        json.WriteStartObject("view");
        json.WriteString("id", group.View.Id.ToString());
        Frames.Members(json, "members", group.View.Members);
        Frames.Members(json, "joined", group.View.Joined);
        Frames.Members(json, "left", group.View.Left);
        json.WriteString("reason", group.View.Reason);
        json.WriteEndObject();
        json.WriteString("fencingToken", group.View.Token.ToString());
        json.WriteBoolean("open", group.Open);
        json.WriteBoolean("agreedOnly", group.AgreedOnly);
    }

    public static void Recent(Utf8JsonWriter json, string name, IEnumerable<RecentDelivery> deliveries)
    {
        json.WriteStartArray(name);
        foreach (RecentDelivery delivery in deliveries)
        {
            json.WriteStartObject();
            json.WriteString("at", Time(delivery.At));
            json.WriteString("group", delivery.Group);
            json.WriteString("message", delivery.First.ToString());
            json.WriteString("sender", delivery.First.Sender.ToString());
            json.WriteNumber("count", delivery.Count);
            json.WriteString("order", CommandLine.Orders.Name(delivery.Order));
            json.WriteString("view", delivery.View.ToString());
            json.WriteNumber("position", delivery.Position);
            if (delivery.Number > 0)
                json.WriteNumber("number", delivery.Number);
            json.WriteString("type", delivery.TypeId);
            json.WriteNumber("bytes", delivery.Bytes);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    public static string Time(DateTime time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
