using System;
using System.Buffers;

namespace GroupComm.Wire;

/// <summary>
/// A frame in three pieces, to be written one after the other. Head and tail are the encoder's scratch and stand until
/// its next call; the body is the bundle's own block.
/// </summary>
internal readonly ref struct EncodedFrame(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, ReadOnlySpan<byte> tail)
{
    /// <summary>Length prefix, MessagePack.</summary>
    public ReadOnlySpan<byte> Head { get; } = head;

    /// <summary>Payload area of a bundle; else empty.</summary>
    public ReadOnlySpan<byte> Body { get; } = body;

    /// <summary>Checksum; empty under TLS.</summary>
    public ReadOnlySpan<byte> Tail { get; } = tail;

    /// <summary>All bytes, the length prefix included.</summary>
    public int Length => Head.Length + Body.Length + Tail.Length;

    public void WriteTo(IBufferWriter<byte> target)
    {
        target.Write(Head);
        target.Write(Body);
        target.Write(Tail);
    }

    /// <summary>For tests and traces; the data path never joins the pieces.</summary>
    public byte[] ToArray() => [.. Head, .. Body, .. Tail];
}
