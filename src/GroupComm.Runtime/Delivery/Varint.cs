using System.Runtime.CompilerServices;

namespace GroupComm.Runtime.Delivery;

/// <summary>The length in front of every payload: unsigned LEB128. The decoder has checked that all lie within the block.</summary>
internal static class Varint
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Read(byte[] buffer, ref int offset)
    {
        uint value = buffer[offset++];
        return value < 0x80 ? (int)value : ReadLong(buffer, value, ref offset);
    }

    /// <summary>Passes so many payloads.</summary>
    public static int Skip(byte[] buffer, int offset, long payloads)
    {
        for (; payloads > 0; payloads--)
        {
            int length = Read(buffer, ref offset);
            offset += length;
        }
        return offset;
    }

    private static int ReadLong(byte[] buffer, uint value, ref int offset)
    {
        value &= 0x7f;
        for (int shift = 7; ; shift += 7)
        {
            uint part = buffer[offset++];
            value |= (part & 0x7f) << shift;
            if (part < 0x80)
                return (int)value;
        }
    }
}
