using System;
using System.Collections.Generic;
using System.Text.Json;

namespace GroupComm.Testing.Traces;

/// <summary>
/// The fields of one trace line, taken as they come; unknown ones are skipped. Strings are kept as ranges of one character buffer,
/// lists as strings, so that a line of the hot kinds allocates nothing.
/// </summary>
internal sealed class LineFields
{
    private char[] _chars = new char[1024];
    private int _used;

    public Range Ev, Node, Group, Member, Id, Order, GroupView, Hash, Stage, Reason, Token, Of, Cluster, Version, Digest, Role, Key;
    public long Inc, T, View, Position, Number, Begin, End, Epoch;
    public bool Primary, Value, AgreedOnly;
    public bool HasView, HasMembers, HasTransitional;

    public List<string> Members { get; } = [];

    public List<string> Transitional { get; } = [];

    public List<(string Node, string Reason)> Left { get; } = [];

    public ReadOnlySpan<char> this[Range range] => _chars.AsSpan(range);

    public bool Has(Range range) => range.End.Value > range.Start.Value;

    /// <summary>Reads a line. Throws <see cref="JsonException"/> or <see cref="InvalidOperationException"/> for what is no object of such fields.</summary>
    public void Read(ReadOnlySpan<byte> line)
    {
        Reset(line.Length);
        var json = new Utf8JsonReader(line);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            throw new JsonException("not a JSON object");
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            ReadField(ref json);
        if (json.TokenType != JsonTokenType.EndObject || json.Read())
            throw new JsonException("more than one value on the line");
    }

    private void Reset(int length)
    {
        if (_chars.Length < length)
            _chars = new char[length * 2];
        _used = 0;
        Ev = Node = Group = Member = Id = Order = GroupView = Hash = Stage = Reason = Token = Of = Cluster = Version = Digest = Role = Key = default;
        Inc = T = View = Position = Begin = End = Epoch = 0;
        Number = -1;
        Primary = Value = AgreedOnly = HasView = HasMembers = HasTransitional = false;
        Members.Clear();
        Transitional.Clear();
        Left.Clear();
    }

    private void ReadField(ref Utf8JsonReader json)
    {
        switch (json.ValueSpan)
        {
            case var n when n.SequenceEqual("ev"u8): Ev = Text(ref json); break;
            case var n when n.SequenceEqual("node"u8): Node = Text(ref json); break;
            case var n when n.SequenceEqual("inc"u8): Inc = Integer(ref json); break;
            case var n when n.SequenceEqual("t"u8): T = Integer(ref json); break;
            case var n when n.SequenceEqual("group"u8): Group = Text(ref json); break;
            case var n when n.SequenceEqual("member"u8): Member = Text(ref json); break;
            case var n when n.SequenceEqual("id"u8): Id = Text(ref json); break;
            case var n when n.SequenceEqual("order"u8): Order = Text(ref json); break;
            case var n when n.SequenceEqual("view"u8): View = Integer(ref json); HasView = true; break;
            case var n when n.SequenceEqual("gview"u8): GroupView = Text(ref json); break;
            case var n when n.SequenceEqual("pos"u8): Position = Integer(ref json); break;
            case var n when n.SequenceEqual("num"u8): Number = Integer(ref json, -1); break;
            case var n when n.SequenceEqual("hash"u8): Hash = Text(ref json); break;
            case var n when n.SequenceEqual("key"u8): Key = Text(ref json); break;
            case var n when n.SequenceEqual("stage"u8): Stage = Text(ref json); break;
            case var n when n.SequenceEqual("primary"u8): Primary = Boolean(ref json); break;
            case var n when n.SequenceEqual("value"u8): Value = Boolean(ref json); break;
            case var n when n.SequenceEqual("agreedOnly"u8): AgreedOnly = Boolean(ref json); break;
            case var n when n.SequenceEqual("epoch"u8): Epoch = Integer(ref json); break;
            case var n when n.SequenceEqual("reason"u8): Reason = Text(ref json); break;
            case var n when n.SequenceEqual("token"u8): Token = Text(ref json); break;
            case var n when n.SequenceEqual("of"u8): Of = Text(ref json); break;
            case var n when n.SequenceEqual("cluster"u8): Cluster = Text(ref json); break;
            case var n when n.SequenceEqual("version"u8): Version = Text(ref json); break;
            case var n when n.SequenceEqual("digest"u8): Digest = Text(ref json); break;
            case var n when n.SequenceEqual("role"u8): Role = Text(ref json); break;
            case var n when n.SequenceEqual("begin"u8): Begin = Integer(ref json); break;
            case var n when n.SequenceEqual("end"u8): End = Integer(ref json); break;
            case var n when n.SequenceEqual("members"u8): List(ref json, Members); HasMembers = true; break;
            case var n when n.SequenceEqual("transitional"u8): List(ref json, Transitional); HasTransitional = true; break;
            case var n when n.SequenceEqual("left"u8): ReadLeft(ref json); break;
            default: json.Skip(); break;
        }
    }

    private Range Text(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Null)
            return default;
        int length = json.CopyString(_chars.AsSpan(_used));
        var range = new Range(_used, _used + length);
        _used += length;
        return range;
    }

    private static long Integer(ref Utf8JsonReader json, long ifNull = 0)
    {
        json.Read();
        return json.TokenType == JsonTokenType.Null ? ifNull : json.GetInt64();
    }

    private static bool Boolean(ref Utf8JsonReader json)
    {
        json.Read();
        return json.GetBoolean();
    }

    private static void List(ref Utf8JsonReader json, List<string> list)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray)
            throw new JsonException("not a list");
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            list.Add(json.GetString() ?? throw new JsonException("null in a list"));
    }

    private void ReadLeft(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray)
            throw new JsonException("not a list");
        while (json.Read() && json.TokenType == JsonTokenType.StartObject)
        {
            string node = "", reason = "";
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                if (json.ValueTextEquals("node"u8))
                    node = Next(ref json);
                else if (json.ValueTextEquals("reason"u8))
                    reason = Next(ref json);
                else
                    json.Skip();
            }
            Left.Add((node, reason));
        }
    }

    private static string Next(ref Utf8JsonReader json)
    {
        json.Read();
        return json.GetString() ?? "";
    }
}
