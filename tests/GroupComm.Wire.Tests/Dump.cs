using System;
using System.Collections;
using System.Collections.Generic;
using System.Reflection;
using System.Text.Json.Nodes;
using GroupComm.Core;
using GroupComm.Core.Messages;

namespace GroupComm.Wire.Tests;

/// <summary>Messages as JSON, from their fields: two messages are equal when this is.</summary>
internal static class Dump
{
    public static string Of(object? value) => Node(value)?.ToJsonString() ?? "null";

    public static JsonNode? Node(object? value)
    {
        switch (value)
        {
            case null: return null;
            case string text: return text;
            case bool flag: return flag;
            case int number: return number;
            case long number: return number;
            case ulong number: return number;
            case uint number: return number;
            case Enum name: return name.ToString();
            case ReadOnlyMemory<byte> bytes: return Convert.ToHexStringLower(bytes.Span);
            case NodeId id: return id.ToString();
            case ViewKey key: return new JsonObject { ["epoch"] = key.Epoch, ["id"] = key.Id };
            case byte[] bytes: return Convert.ToHexStringLower(bytes);
            case Bundle bundle: return OfBundle(bundle);
            case IEnumerable list:
                var array = new JsonArray();
                foreach (object? element in list)
                    array.Add(Node(element));
                return array;
            default: return OfFields(value);
        }
    }

    private static JsonObject OfFields(object value)
    {
        var node = new JsonObject();
        for (Type? type = value.GetType(); type is not null && type != typeof(object); type = type.BaseType)
            foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly))
                node[Name(field)] = Node(field.GetValue(value));
        return node;
    }

    private static string Name(FieldInfo field)
    {
        string name = field.Name.StartsWith('<') ? field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)] : field.Name;
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    private static JsonObject OfBundle(Bundle bundle)
    {
        var segments = new JsonArray();
        foreach (Segment segment in bundle.Segments)
        {
            var node = new JsonObject
            {
                ["kind"] = segment.Query ? "Query" : segment.Kind.ToString(),
                ["order"] = segment.Order.ToString(),
                ["stamped"] = segment.Stamped,
                ["count"] = segment.Count,
                ["length"] = segment.Length,
                ["group"] = segment.Group,
                ["groupView"] = segment.GroupView,
                ["slot"] = segment.Slot,
                ["typeId"] = segment.TypeId,
                ["fragmentsLeft"] = segment.FragmentsLeft,
                ["first"] = segment.First,
                ["control"] = Node(segment.Control),
                ["payloadHex"] = segment.Length == 0 ? "" : Convert.ToHexStringLower(bundle.Block!.Buffer.AsSpan(segment.Offset, segment.Length)),
            };
            if (segment.TraceParent is not null)
                node["traceParent"] = segment.TraceParent;
            segments.Add(node);
        }
        return new JsonObject
        {
            ["view"] = Node(bundle.View),
            ["sender"] = bundle.Sender,
            ["first"] = bundle.First,
            ["count"] = bundle.Count,
            ["stamp"] = Node(bundle.Stamp.ToArray()),
            ["segments"] = segments,
            ["bodyLength"] = bundle.BodyLength,
        };
    }
}
