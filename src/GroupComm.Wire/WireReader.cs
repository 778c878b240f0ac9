using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace GroupComm.Wire;

/// <summary>
/// Reads MessagePack without trust and without exceptions: the first error sticks and every later read gives a default.
/// Additive rule: a field beyond the end of its array reads as its default, and <see cref="End"/> skips the fields that
/// the reader does not know. Every length and count is compared with the bytes that are there before anybody
/// allocates for it (security row Q4).
/// </summary>
internal ref partial struct WireReader(ReadOnlySpan<byte> bytes)
{
    /// <summary>Shorter lists are believed if the frame has room for them.</summary>
    private const int Unproved = 64;

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _left = 1; // elements of the open array that were not read yet
    private int _depth;

    public int Position { get; private set; }

    public string? Error { get; private set; }

    public readonly bool Failed => Error is not null;

    public readonly int Remaining => _bytes.Length - Position;

    public void Fail(string reason)
    {
        Error ??= reason;
        _left = 0;
    }

    /// <summary>Opens an array; what it returns goes to <see cref="End"/>. A missing array reads as one without fields.</summary>
    public int Begin() => Begin(out _);

    private int Begin(out int count)
    {
        count = 0;
        if (!Next())
            return -1;
        int saved = _left;
        count = ArrayHeader();
        if (Failed)
            return -1;
        if (++_depth > WireLimits.MaxDepth)
        {
            Fail("nested too deep");
            return -1;
        }
        _left = count;
        return saved;
    }

    /// <summary>Opens a list of at most <paramref name="max"/> elements of at least <paramref name="atLeast"/> bytes each.</summary>
    public int BeginList(out int count, int max, int atLeast = 1)
    {
        int saved = Begin(out count);
        if (count > max || count > Remaining / atLeast)
        {
            Fail("more elements than the frame can hold");
            count = 0;
        }
        else if (count > Unproved && !AllThere(count))
        {
            Fail("fewer elements than the frame says");
            count = 0;
        }
        return saved;
    }

    /// <summary>Walks over the elements before anybody allocates for so many.</summary>
    private readonly bool AllThere(int count)
    {
        WireReader probe = this;
        for (; count > 0 && !probe.Failed; count--)
            probe.Skip(probe._depth);
        return !probe.Failed;
    }

    /// <summary>False (and nothing to end) for nil or a missing field.</summary>
    public bool BeginNullable(out int saved)
    {
        saved = -1;
        if (AtNothing())
            return false;
        saved = Begin();
        return !Failed;
    }

    /// <summary>Closes an array and skips the rest of it.</summary>
    public void End(int saved)
    {
        if (saved < 0 || Failed)
            return;
        while (_left > 0)
        {
            _left--;
            Skip(_depth);
        }
        if (Failed)
            return;
        _depth--;
        _left = saved;
    }

    /// <summary>Whether the next field is nil, which it consumes, or missing.</summary>
    public bool AtNothing() => _left == 0 || TakeNil();

    /// <summary>Consumes a field that is nil.</summary>
    public bool TakeNil()
    {
        if (_left == 0 || Remaining == 0 || _bytes[Position] != 0xc0)
            return false;
        Position++;
        _left--;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Next()
    {
        if (_left == 0)
            return false;
        _left--;
        return true;
    }

    private int ArrayHeader()
    {
        byte code = Byte();
        uint count = code switch
        {
            >= 0x90 and <= 0x9f => (uint)(code & 15),
            0xdc => (uint)Big(2),
            0xdd => (uint)Big(4),
            _ => uint.MaxValue,
        };
        if (count <= (uint)Remaining)
            return (int)count;
        Fail(count == uint.MaxValue ? "an array is expected" : "more elements than the frame can hold");
        return 0;
    }

    private byte Byte()
    {
        if (Remaining > 0)
            return _bytes[Position++];
        Fail("cut off");
        return 0xc1; // never used by MessagePack
    }

    private ulong Big(int size)
    {
        if (Remaining < size)
        {
            Fail("cut off");
            return 0;
        }
        ReadOnlySpan<byte> at = _bytes[Position..];
        Position += size;
        return size switch
        {
            1 => at[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(at),
            4 => BinaryPrimitives.ReadUInt32BigEndian(at),
            _ => BinaryPrimitives.ReadUInt64BigEndian(at),
        };
    }

    private ReadOnlySpan<byte> Bytes(uint length)
    {
        if (length > (uint)Remaining)
        {
            Fail("a length beyond the end of the frame");
            return default;
        }
        ReadOnlySpan<byte> taken = _bytes.Slice(Position, (int)length);
        Position += (int)length;
        return taken;
    }
}
