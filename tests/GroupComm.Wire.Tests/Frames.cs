using System;
using System.Buffers;
using GroupComm.Core.Messages;

namespace GroupComm.Wire.Tests;

/// <summary>Short forms.</summary>
internal static class Frames
{
    /// <summary>A frame without its length prefix.</summary>
    public static byte[] Encode(Message message, bool checksum = true, uint generation = Samples.Generation) =>
        new FrameEncoder(checksum).Encode(message, generation).ToArray()[WireLimits.Prefix..];

    public static FrameStatus Decode(ReadOnlySpan<byte> frame, bool checksum, out Message? message, out string? error) =>
        new FrameDecoder(new HeapBlocks(), checksum).Decode(frame, 0, out message, out error);

    /// <summary>The same bytes in pieces of a given size.</summary>
    public static ReadOnlySequence<byte> Split(ReadOnlySpan<byte> bytes, int size)
    {
        Piece first = new(bytes[..Math.Min(size, bytes.Length)].ToArray(), 0);
        Piece last = first;
        for (int at = size; at < bytes.Length; at += size)
            last = last.Append(bytes[at..Math.Min(at + size, bytes.Length)].ToArray());
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(byte[] bytes, long index)
        {
            Memory = bytes;
            RunningIndex = index;
        }

        public Piece Append(byte[] bytes)
        {
            var next = new Piece(bytes, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
