using System;
using System.IO.Hashing;

namespace GroupComm.Wire;

/// <summary>
/// The few texts that come again and again (type ids) as one string each: decoding a known one allocates nothing.
/// Bounded: a text takes the place of whatever has the same hash.
/// </summary>
internal sealed class TextCache
{
    private const int Slots = 256;

    private readonly (byte[]? Utf8, string Text)[] _entries = new (byte[]?, string)[Slots];

    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
            return "";
        ref (byte[]? Utf8, string Text) entry = ref _entries[XxHash3.HashToUInt64(utf8) % Slots];
        if (entry.Utf8 is null || !utf8.SequenceEqual(entry.Utf8))
            entry = (utf8.ToArray(), WireReader.Decode(utf8));
        return entry.Text;
    }
}
