using System;
using System.Buffers;

namespace GroupComm.Wire;

/// <summary>A payload area as it lies in the frame: in one piece or in several.</summary>
internal readonly ref struct Payload
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly ReadOnlySequence<byte> _parts;

    public Payload(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
        Length = bytes.Length;
    }

    public Payload(in ReadOnlySequence<byte> parts)
    {
        _parts = parts;
        Length = (int)parts.Length;
    }

    public int Length { get; }

    public void CopyTo(Span<byte> target)
    {
        if (_bytes.IsEmpty)
            _parts.CopyTo(target);
        else
            _bytes.CopyTo(target);
    }
}
