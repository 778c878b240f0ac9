using System;
using System.Text;
using System.Text.Unicode;

namespace GroupComm.Wire;

// Single values.
internal ref partial struct WireReader
{
    public bool Bool()
    {
        if (!Next())
            return false;
        byte code = Byte();
        if (code is not (0xc2 or 0xc3))
            Fail("a boolean is expected");
        return code == 0xc3;
    }

    public long Int64()
    {
        if (!Next())
            return 0;
        byte code = Byte();
        if (code < 0x80)
            return code;
        if (code >= 0xe0)
            return (sbyte)code;
        switch (code)
        {
            case 0xcc: return (long)Big(1);
            case 0xcd: return (long)Big(2);
            case 0xce: return (long)Big(4);
            case 0xcf:
                ulong large = Big(8);
                if (large > long.MaxValue)
                    Fail("a number out of range");
                return (long)large;
            case 0xd0: return (sbyte)Big(1);
            case 0xd1: return (short)Big(2);
            case 0xd2: return (int)Big(4);
            case 0xd3: return (long)Big(8);
            default:
                Fail("a number is expected");
                return 0;
        }
    }

    /// <summary>A sequence, a number in the agreed order, a count: 0 … 2^53 - 1.</summary>
    public long Number() => Range(0, WireLimits.MaxNumber);

    public int Int32(int min = 0, int max = int.MaxValue) => (int)Range(min, max);

    public int Rank() => (int)Range(0, WireLimits.MaxRanks - 1);

    /// <summary>One bit per rank.</summary>
    public ulong Bits()
    {
        if (_left > 0 && Remaining > 0 && _bytes[Position] == 0xcf)
        {
            _left--;
            Position++;
            return Big(8);
        }
        return (ulong)Range(0, long.MaxValue);
    }

    /// <summary>A generation has always its five-byte form: sender and receiver leave its bytes out of the checksum.</summary>
    public uint Generation()
    {
        if (_left > 0 && Byte() == 0xce)
        {
            _left--;
            return (uint)Big(4);
        }
        Fail("a generation is expected");
        return 0;
    }

    /// <summary>Per rank one number.</summary>
    public long[] Vector()
    {
        int saved = BeginList(out int count, WireLimits.MaxRanks);
        long[] values = count == 0 ? [] : new long[count];
        for (int i = 0; i < values.Length; i++)
            values[i] = Number();
        End(saved);
        return values;
    }

    public string Text(int max) => Decode(TextBytes(max));

    /// <summary>The UTF-8 of a text of at most <paramref name="max"/> characters; empty when missing.</summary>
    public ReadOnlySpan<byte> TextBytes(int max)
    {
        if (!Next())
            return default;
        byte code = Byte();
        uint length = code switch
        {
            >= 0xa0 and <= 0xbf => (uint)(code & 31),
            0xd9 => (uint)Big(1),
            0xda => (uint)Big(2),
            0xdb => (uint)Big(4),
            _ => uint.MaxValue,
        };
        if (length == uint.MaxValue)
        {
            Fail("a text is expected");
            return default;
        }
        ReadOnlySpan<byte> utf8 = Bytes(length);
        if (Failed || utf8.Length <= max && System.Text.Ascii.IsValid(utf8))
            return utf8;
        if (utf8.Length > max * 3 || !Utf8.IsValid(utf8) || Encoding.UTF8.GetCharCount(utf8) > max)
        {
            Fail("a text that is too long or no UTF-8");
            return default;
        }
        return utf8;
    }

    /// <summary>Raw bytes with their length; a view into the frame.</summary>
    public ReadOnlySpan<byte> Blob()
    {
        if (!Next())
            return default;
        byte code = Byte();
        switch (code)
        {
            case 0xc4: return Bytes((uint)Big(1));
            case 0xc5: return Bytes((uint)Big(2));
            case 0xc6: return Bytes((uint)Big(4));
            default:
                Fail("bytes are expected");
                return default;
        }
    }

    public static string Decode(ReadOnlySpan<byte> utf8) => utf8.IsEmpty ? "" : Encoding.UTF8.GetString(utf8);

    public long Range(long min, long max)
    {
        if (_left == 0)
            return min;
        long value = Int64();
        if (value >= min && value <= max)
            return value;
        Fail("a number out of range");
        return min;
    }
}
