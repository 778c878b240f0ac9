using System;
using System.Buffers;

namespace GroupComm.Fuzz.Tests.Decoders;

/// <summary>Bytes as they come from a network: in pieces.</summary>
internal sealed class Pieces : ReadOnlySequenceSegment<byte>
{
    private Pieces(ReadOnlySpan<byte> bytes, long index) => (Memory, RunningIndex) = (bytes.ToArray(), index);

    /// <summary>16 pieces of a size, and the rest.</summary>
    public static ReadOnlySequence<byte> Of(ReadOnlySpan<byte> bytes, int size)
    {
        Pieces first = new(bytes[..Math.Min(size, bytes.Length)], 0), last = first;
        for (int at = first.Memory.Length, count = 1; at < bytes.Length; count++)
        {
            int length = count == 16 ? bytes.Length - at : Math.Min(size, bytes.Length - at);
            Pieces next = new(bytes.Slice(at, length), at);
            last.Next = next;
            last = next;
            at += length;
        }
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }
}
