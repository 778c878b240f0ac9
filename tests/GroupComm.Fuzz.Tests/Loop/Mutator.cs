using System;
using System.Buffers.Binary;
using System.Collections.Generic;

namespace GroupComm.Fuzz.Tests.Loop;

/// <summary>
/// Makes inputs of inputs: bits, bytes, numbers at their limits in either byte order, pieces cut, doubled, moved and taken from others, words of the
/// format, and lies about lengths and counts where one stands. The same random source makes the same inputs.
/// </summary>
internal sealed class Mutator(Random random, IReadOnlyList<byte[]> words, int maxLength)
{
    private static readonly long[] s_limits =
        [0, 1, -1, 16, 17, 64, 65, 127, 128, 255, 256, 1024, 4096, 32767, 32768, 65535, 65536, int.MaxValue, int.MinValue, uint.MaxValue, 1L << 53, (1L << 53) - 1, long.MaxValue, long.MinValue];

    private static readonly string[] s_numbers = ["0", "-1", "2147483648", "4294967296", "9007199254740992", "9223372036854775807", "9223372036854775808", "1e309", "00"];

    private byte[] _bytes = [];
    private int _length;

    /// <summary>A child of <paramref name="parent"/>; holds until the next call.</summary>
    /// <param name="parent">An input.</param>
    /// <param name="other">Another one, for pieces.</param>
    public ReadOnlySpan<byte> Next(byte[] parent, byte[] other)
    {
        if (_bytes.Length < maxLength)
            _bytes = new byte[maxLength];
        _length = Math.Min(parent.Length, maxLength);
        parent.AsSpan(0, _length).CopyTo(_bytes);
        for (int steps = 1 << random.Next(5); steps > 0; steps--)
            Step(other);
        return _bytes.AsSpan(0, _length);
    }

    private void Step(byte[] other)
    {
        if (_length == 0)
        {
            Insert(0, [(byte)random.Next(256)]);
            return;
        }
        int at = random.Next(_length);
        switch (random.Next(14))
        {
            case 0: _bytes[at] ^= (byte)(1 << random.Next(8)); break;
            case 1: _bytes[at] = (byte)random.Next(256); break;
            case 2: _bytes[at] += (byte)random.Next(-16, 17); break;
            case 3: Number(at); break;
            case 4: Cut(at, random.Next(1, Math.Min(_length - at, 32) + 1)); break;
            case 5: Cut(at, _length - at); break;
            case 6: Insert(random.Next(_length + 1), _bytes.AsSpan(at, random.Next(1, Math.Min(_length - at, 64) + 1)).ToArray()); break;
            case 7: Insert(at, [(byte)random.Next(256)]); break;
            case 8 or 9: Word(at); break;
            case 10: Splice(at, other); break;
            case 11: Lie(at); break;
            case 12: Digits(at); break;
            default: Repeat(at); break;
        }
    }

    private void Number(int at)
    {
        Span<byte> number = stackalloc byte[8];
        long value = s_limits[random.Next(s_limits.Length)] + random.Next(-1, 2);
        int size = 1 << random.Next(4);
        if (random.Next(2) == 0)
        {
            BinaryPrimitives.WriteInt64LittleEndian(number, value);
            number = number[..size];
        }
        else
        {
            BinaryPrimitives.WriteInt64BigEndian(number, value);
            number = number[^size..];
        }
        number[..Math.Min(size, _length - at)].CopyTo(_bytes.AsSpan(at));
    }

    private void Word(int at)
    {
        if (words.Count == 0)
            return;
        byte[] word = words[random.Next(words.Count)];
        if (random.Next(2) == 0)
            Insert(at, word);
        else
            word.AsSpan(0, Math.Min(word.Length, _length - at)).CopyTo(_bytes.AsSpan(at));
    }

    private void Splice(int at, byte[] other)
    {
        if (other.Length == 0)
            return;
        int from = random.Next(other.Length);
        Insert(at, other.AsSpan(from, random.Next(1, Math.Min(other.Length - from, 128) + 1)));
    }

    /// <summary>A header of an array, map, text or blob gets another count, or another size of its count.</summary>
    private void Lie(int at)
    {
        for (int i = 0; i < 16 && at + i < _length; i++)
        {
            ref byte code = ref _bytes[at + i];
            if (code is >= 0x80 and <= 0xbf)
            {
                code = (byte)((code & 0xf0) | random.Next(16));
                return;
            }
            if (code is (>= 0xc4 and <= 0xc9) or (>= 0xd9 and <= 0xdf))
            {
                int next = at + i + 1;
                if (random.Next(2) == 0)
                    code = (byte)random.Next(0xc4, 0xe0);
                else if (next < _length)
                    Number(next);
                return;
            }
        }
    }

    private void Digits(int at)
    {
        int from = at;
        while (from < _length && _bytes[from] is < (byte)'0' or > (byte)'9')
            from++;
        int to = from;
        while (to < _length && _bytes[to] is >= (byte)'0' and <= (byte)'9')
            to++;
        if (from == to)
            return;
        string number = s_numbers[random.Next(s_numbers.Length)];
        Cut(from, to - from);
        Insert(from, System.Text.Encoding.ASCII.GetBytes(number));
    }

    private void Repeat(int at)
    {
        Span<byte> many = stackalloc byte[random.Next(2, 40)];
        many.Fill(_bytes[at]);
        Insert(at, many);
    }

    private void Cut(int at, int count)
    {
        _bytes.AsSpan(at + count, _length - at - count).CopyTo(_bytes.AsSpan(at));
        _length -= count;
    }

    private void Insert(int at, ReadOnlySpan<byte> piece)
    {
        int count = Math.Min(piece.Length, maxLength - _length);
        _bytes.AsSpan(at, _length - at).CopyTo(_bytes.AsSpan(at + count));
        piece[..count].CopyTo(_bytes.AsSpan(at));
        _length += count;
    }
}
