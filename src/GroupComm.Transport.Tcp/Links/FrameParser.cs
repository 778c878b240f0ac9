using System;
using System.Buffers;
using System.Buffers.Binary;

namespace GroupComm.Transport.Links;

/// <summary>What the next bytes of a stream are.</summary>
internal enum FrameStatus
{
    /// <summary>A whole frame was taken.</summary>
    Complete,

    /// <summary>The rest of it has not come yet.</summary>
    Incomplete,

    /// <summary>A length of zero: nonsense.</summary>
    Empty,

    /// <summary>A length above the limit.</summary>
    TooLong,
}

/// <summary>Cuts frames off a byte sequence without copying. The length is judged before anything is kept for it (law Q4).</summary>
internal static class FrameParser
{
    /// <summary>Bytes of the little-endian length before each frame.</summary>
    public const int PrefixSize = sizeof(uint);

    /// <summary>Takes the first frame off <paramref name="bytes"/>; <paramref name="length"/> is 0 while even the prefix is incomplete.</summary>
    public static FrameStatus TryTake(ref ReadOnlySequence<byte> bytes, int limit, out ReadOnlySequence<byte> frame, out uint length)
    {
        frame = default;
        length = 0;
        if (bytes.Length < PrefixSize)
            return FrameStatus.Incomplete;

        length = ReadPrefix(bytes);
        if (length == 0)
            return FrameStatus.Empty;
        if (length > (uint)limit)
            return FrameStatus.TooLong;
        if (bytes.Length - PrefixSize < length)
            return FrameStatus.Incomplete;

        frame = bytes.Slice(PrefixSize, length);
        bytes = bytes.Slice(frame.End);
        return FrameStatus.Complete;
    }

    private static uint ReadPrefix(in ReadOnlySequence<byte> bytes)
    {
        if (bytes.FirstSpan.Length >= PrefixSize)
            return BinaryPrimitives.ReadUInt32LittleEndian(bytes.FirstSpan);
        Span<byte> prefix = stackalloc byte[PrefixSize];
        bytes.Slice(0, PrefixSize).CopyTo(prefix);
        return BinaryPrimitives.ReadUInt32LittleEndian(prefix);
    }
}
