using System;
using System.Buffers;
using System.Buffers.Binary;

namespace GroupComm.Wire;

/// <summary>Cuts a stream of bytes into frames by their length prefix, without waiting for a length that is refused.</summary>
internal static class FramePrefix
{
    /// <summary>
    /// True: <paramref name="frame"/> is what follows the prefix, and <paramref name="buffer"/> begins behind it.
    /// False with an error: close the link. False without: more bytes are needed.
    /// </summary>
    public static bool TryRead(ref ReadOnlySequence<byte> buffer, int max, out ReadOnlySequence<byte> frame, out string? error)
    {
        frame = default;
        error = null;
        if (buffer.Length < WireLimits.Prefix)
            return false;
        Span<byte> prefix = stackalloc byte[WireLimits.Prefix];
        buffer.Slice(0, WireLimits.Prefix).CopyTo(prefix);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(prefix);
        if (length == 0 || length > (uint)max)
        {
            error = length == 0 ? "a frame without content" : "a frame above the limit";
            return false;
        }
        if (buffer.Length - WireLimits.Prefix < length)
            return false;
        frame = buffer.Slice(WireLimits.Prefix, length);
        buffer = buffer.Slice(frame.End);
        return true;
    }
}
