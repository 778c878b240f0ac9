using System;
using System.Collections;
using System.Linq;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using GroupComm.Gateway.Protocol;

namespace GroupComm.Daemon.Tests.Gateway;

/// <summary>A frame's fields as JSON, under the names of the specification.</summary>
internal static class FrameDump
{
    public static JsonObject Of(GatewayFrame frame)
    {
        JsonObject fields = [];
        foreach (PropertyInfo property in frame.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
            if (property.Name is not (nameof(GatewayFrame.Kind) or nameof(GatewayFrame.IsCounted) or nameof(GatewayFrame.IsEvent)) && !IsLater(frame, property.Name))
                fields[Name(property.Name)] = Value(property.GetValue(frame));
        return fields;
    }

    /// <summary>Came to the frame after its vectors were written; absent in all of them.</summary>
    private static bool IsLater(GatewayFrame frame, string property) => frame is Hello && property == nameof(Hello.Token);

    private static JsonNode? Value(object? value) => value switch
    {
        null => null,
        byte[] bytes => JsonValue.Create("hex:" + Convert.ToHexStringLower(bytes)),
        ReadOnlyMemory<byte> bytes => JsonValue.Create("hex:" + Convert.ToHexStringLower(bytes.Span)),
        string text => JsonValue.Create(text),
        bool flag => JsonValue.Create(flag),
        Enum number => JsonValue.Create(Convert.ToInt64(number, System.Globalization.CultureInfo.InvariantCulture)),
        int number => JsonValue.Create(number),
        long number => JsonValue.Create(number),
        JoinOptions options => new JsonObject(typeof(JoinOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Select(property => new System.Collections.Generic.KeyValuePair<string, JsonNode?>(Name(property.Name), Value(property.GetValue(options))))),
        IEnumerable items => new JsonArray([.. items.Cast<object>().Select(Value)]),
        _ => throw new InvalidOperationException(value.GetType().Name),
    };

    private static string Name(string property) => JsonNamingPolicy.CamelCase.ConvertName(property);
}
