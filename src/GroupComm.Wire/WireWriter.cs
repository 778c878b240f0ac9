using System;
using System.Buffers.Binary;
using System.Text;

namespace GroupComm.Wire;

/// <summary>
/// MessagePack into one growable buffer that is reused, so that steady state allocates nothing. Integers take their
/// shortest form: equal messages are equal bytes.
/// </summary>
internal sealed class WireWriter(int capacity = 1024)
{
    private const int KeptCapacity = 1 << 20;

    private byte[] _buffer = new byte[capacity];

    public int Length { get; private set; }

    public Span<byte> Written => _buffer.AsSpan(0, Length);

    /// <summary>Where the first generation's four bytes stand; 0 before it was written.</summary>
    public int GenerationAt { get; private set; }

    public void Reset()
    {
        if (_buffer.Length > KeptCapacity)
            _buffer = new byte[capacity];
        Length = 0;
        GenerationAt = 0;
    }

    /// <summary>The next <paramref name="count"/> bytes, to be filled by the caller.</summary>
    public Span<byte> Take(int count)
    {
        if (_buffer.Length - Length < count)
            Grow(count);
        Span<byte> taken = _buffer.AsSpan(Length, count);
        Length += count;
        return taken;
    }

    public void Raw(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    public void Nil() => Take(1)[0] = 0xc0;

    public void Bool(bool value) => Take(1)[0] = (byte)(value ? 0xc3 : 0xc2);

    public void Array(int count) => Header(count, 0x90, 15, 0, 0xdc);

    public void Int(long value)
    {
        if (value >= 0)
            UInt((ulong)value);
        else if (value >= -32)
            Take(1)[0] = (byte)value;
        else if (value >= sbyte.MinValue)
            Number(0xd0, 1, (ulong)value);
        else if (value >= short.MinValue)
            Number(0xd1, 2, (ulong)value);
        else if (value >= int.MinValue)
            Number(0xd2, 4, (ulong)value);
        else
            Number(0xd3, 8, (ulong)value);
    }

    public void UInt(ulong value)
    {
        if (value < 0x80)
            Take(1)[0] = (byte)value;
        else if (value <= byte.MaxValue)
            Number(0xcc, 1, value);
        else if (value <= ushort.MaxValue)
            Number(0xcd, 2, value);
        else if (value <= uint.MaxValue)
            Number(0xce, 4, value);
        else
            Number(0xcf, 8, value);
    }

    /// <summary>A generation always takes five bytes, so that it can be changed in place.</summary>
    public void Generation(uint value)
    {
        Number(0xce, 4, value);
        if (GenerationAt == 0)
            GenerationAt = Length - 4;
    }

    public void Text(string value)
    {
        int bytes = Encoding.UTF8.GetByteCount(value);
        Header(bytes, 0xa0, 31, 0xd9, 0xda);
        Encoding.UTF8.GetBytes(value, Take(bytes));
    }

    /// <summary>Text for people: cut where the receiver would refuse it.</summary>
    public void Reason(string value) => Text(value.Length <= WireLimits.MaxReason ? value : value[..WireLimits.MaxReason]);

    public void Vector(ReadOnlySpan<long> values)
    {
        Array(values.Length);
        foreach (long value in values)
            Int(value);
    }

    /// <summary>Begins bytes whose length is not known yet.</summary>
    public int BeginBlob()
    {
        Take(5)[0] = 0xc6;
        return Length;
    }

    public void EndBlob(int start) => BinaryPrimitives.WriteInt32BigEndian(_buffer.AsSpan(start - 4), Length - start);

    private void Grow(int count)
    {
        long needed = Math.Max((long)_buffer.Length * 2, (long)Length + count);
        System.Array.Resize(ref _buffer, (int)Math.Min(System.Array.MaxLength, needed));
    }

    private void Header(int count, byte small, int smallMax, byte code8, byte code16)
    {
        if (count <= smallMax)
            Take(1)[0] = (byte)(small | count);
        else if (code8 != 0 && count <= byte.MaxValue)
            Number(code8, 1, (ulong)count);
        else if (count <= ushort.MaxValue)
            Number(code16, 2, (ulong)count);
        else
            Number((byte)(code16 + 1), 4, (ulong)count);
    }

    private void Number(byte code, int size, ulong value)
    {
        Span<byte> bytes = Take(size + 1);
        bytes[0] = code;
        for (int i = size; i > 0; i--, value >>= 8)
            bytes[i] = (byte)value;
    }
}
