using System;
using System.Text;

namespace GroupComm.Client.Frames;

/// <summary>The same few names come in every message: their texts are made once. For one reader; a slot is overwritten when
/// another name falls on it.</summary>
internal sealed class TextCache
{
    private const int Slots = 512;
    private const int Longest = 200;

    private static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);

    private readonly Entry?[] _slots = new Entry?[Slots];

    private sealed class Entry(byte[] bytes, string text)
    {
        public readonly byte[] Bytes = bytes;
        public readonly string Text = text;
        public NodeId? Node;
        public MemberId? Member;
    }

    public string Text(ReadOnlySpan<byte> utf8) => utf8.Length <= Longest ? Find(utf8).Text : Decode(utf8);

    public NodeId Node(ReadOnlySpan<byte> utf8)
    {
        Entry entry = Find(utf8);
        return entry.Node ??= NodeId.TryParse(entry.Text, out NodeId id) ? id : throw new BadFrameException($"'{entry.Text}' is no node");
    }

    public MemberId Member(ReadOnlySpan<byte> utf8)
    {
        Entry entry = Find(utf8);
        return entry.Member ??= ParseMember(entry.Text);
    }

    private static MemberId ParseMember(string text)
    {
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && NodeId.TryParse(text[..slash], out NodeId node) && NodeId.IsValidName(text[(slash + 1)..])
            ? new MemberId(node, text[(slash + 1)..])
            : throw new BadFrameException($"'{text}' is no member");
    }

    private Entry Find(ReadOnlySpan<byte> utf8)
    {
        uint hash = 2166136261;
        foreach (byte each in utf8)
            hash = (hash ^ each) * 16777619;
        ref Entry? slot = ref _slots[hash % Slots];
        if (slot is null || !utf8.SequenceEqual(slot.Bytes))
            slot = new Entry(utf8.ToArray(), Decode(utf8));
        return slot;
    }

    private static string Decode(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return s_strict.GetString(utf8);
        }
        catch (DecoderFallbackException)
        {
            throw new BadFrameException("a str is not UTF-8");
        }
    }
}
