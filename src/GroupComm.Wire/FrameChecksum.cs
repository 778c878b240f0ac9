using System;
using System.Buffers;
using System.IO.Hashing;

namespace GroupComm.Wire;

/// <summary>
/// XXH3 of 64 bits over a whole frame but for the four bytes of its generation, plus the generation times an odd constant:
/// another link's generation costs no second pass over the payload.
/// </summary>
internal sealed class FrameChecksum
{
    private const ulong Spread = 0x9E37_79B9_7F4A_7C15;

    private readonly XxHash3 _hash = new();

    /// <summary>Over head and body without the generation; the result is for <see cref="Seal"/>.</summary>
    public ulong Compute(ReadOnlySpan<byte> head, int generationAt, ReadOnlySpan<byte> body)
    {
        _hash.Reset();
        _hash.Append(head[..generationAt]);
        _hash.Append(head[(generationAt + 4)..]);
        _hash.Append(body);
        return _hash.GetCurrentHashAsUInt64();
    }

    public ulong Compute(in ReadOnlySequence<byte> bytes, int generationAt)
    {
        _hash.Reset();
        foreach (ReadOnlyMemory<byte> part in bytes.Slice(0, generationAt))
            _hash.Append(part.Span);
        foreach (ReadOnlyMemory<byte> part in bytes.Slice(generationAt + 4))
            _hash.Append(part.Span);
        return _hash.GetCurrentHashAsUInt64();
    }

    public static ulong Seal(ulong hash, uint generation) => unchecked(hash + (generation * Spread));
}
