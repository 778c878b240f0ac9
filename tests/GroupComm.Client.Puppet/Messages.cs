using System;
using System.Buffers;
using System.Linq;
using System.Text;
using System.Text.Json.Nodes;
using GroupComm.Client.Groups;

namespace GroupComm.Client.Puppet;

/// <summary>The suite's typed message, as a program in C# has it.</summary>
[GroupMessage("typed")]
public sealed record Typed(string? Name, long Quantity, long Least, ulong Most, double Price, byte[]? Raw, string? Nothing, object?[]? Tags)
{
    private const string Int = "int:", Hex = "hex:";

    public static Typed Of(JsonNode from) => new(
        (string?)from[nameof(Name)], long.Parse(Digits(from, nameof(Quantity))), long.Parse(Digits(from, nameof(Least))), ulong.Parse(Digits(from, nameof(Most))),
        (double)from[nameof(Price)]!, Convert.FromHexString(((string)from[nameof(Raw)]!)[Hex.Length..]), (string?)from[nameof(Nothing)],
        [.. from[nameof(Tags)]!.AsArray().Select(static tag => tag!.GetValueKind() == System.Text.Json.JsonValueKind.String ? (object?)(string?)tag : (bool)tag)]);

    public JsonObject Show() => new()
    {
        [nameof(Name)] = Name,
        [nameof(Quantity)] = $"{Int}{Quantity}",
        [nameof(Least)] = $"{Int}{Least}",
        [nameof(Most)] = $"{Int}{Most}",
        [nameof(Price)] = Price,
        [nameof(Raw)] = Hex + Convert.ToHexStringLower(Raw ?? []),
        [nameof(Nothing)] = Nothing,
        [nameof(Tags)] = new JsonArray([.. (Tags ?? []).Select(static tag => tag is bool yes ? JsonValue.Create(yes) : (JsonNode?)JsonValue.Create((string?)tag))]),
    };

    private static string Digits(JsonNode from, string name) => ((string)from[name]!)[Int.Length..];
}

/// <summary>A question to which members answer <c>NAME:TEXT</c>.</summary>
[GroupMessage("echo")]
public sealed record Echo(string Text);

/// <summary>Texts as UTF-8, without a frame around them; everything else as usual.</summary>
internal sealed class PlainTexts : IMessageSerializer
{
    private readonly MessagePackMessageSerializer _usual = new();

    public string ContentType => _usual.ContentType;

    public void Serialize<T>(IBufferWriter<byte> output, T message)
    {
        if (message is Echo or string)
            output.Write(Encoding.UTF8.GetBytes(message is Echo echo ? echo.Text : (string)(object)message));
        else
            _usual.Serialize(output, message);
    }

    public T Deserialize<T>(in ReadOnlySequence<byte> input)
    {
        if (typeof(T) != typeof(Echo) && typeof(T) != typeof(string))
            return _usual.Deserialize<T>(input);
        string text = Encoding.UTF8.GetString(input);
        return typeof(T) == typeof(Echo) ? (T)(object)new Echo(text) : (T)(object)text;
    }
}
