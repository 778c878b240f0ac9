using System;

namespace GroupComm.Wire;

/// <summary>Walks over payloads that lie one after the other, each with its length in front (unsigned LEB128).</summary>
internal static class PayloadWalk
{
    /// <summary>Whether exactly <paramref name="count"/> payloads fill the bytes.</summary>
    public static bool Fills(ReadOnlySpan<byte> bytes, int count)
    {
        int at = 0;
        for (; count > 0; count--)
        {
            if ((uint)at >= (uint)bytes.Length)
                return false;
            int length = bytes[at];
            if (length < 0x80)
                at++;
            else if (!TryReadLong(bytes, ref at, out length))
                return false;
            if (length > bytes.Length - at)
                return false;
            at += length;
        }
        return at == bytes.Length;
    }

    private static bool TryReadLong(ReadOnlySpan<byte> bytes, ref int at, out int length)
    {
        uint value = 0;
        length = 0;
        for (int shift = 0; shift < 35 && at < bytes.Length; shift += 7)
        {
            byte next = bytes[at++];
            if (shift == 28 && next > 7)
                return false; // beyond 2^31 - 1
            value |= (uint)(next & 0x7f) << shift;
            length = (int)value;
            if (next < 0x80)
                return true;
        }
        return false;
    }
}
