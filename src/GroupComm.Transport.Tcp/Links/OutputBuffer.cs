using System;
using System.Buffers;
using System.Collections.Generic;

namespace GroupComm.Transport.Links;

/// <summary>Bytes to send, in pooled chunks: appended at the end, taken from the front. One owner at a time.
/// The first chunk is small because most turns are, the others large so that a send call carries much.</summary>
internal sealed class OutputBuffer
{
    private const int FirstChunk = 64 << 10;
    private const int NextChunk = 256 << 10;

    private readonly List<byte[]> _chunks = [];
    private int _first;
    private int _taken;
    private int _used;

    /// <summary>Whether nothing is left to send.</summary>
    public bool IsEmpty => _first == _chunks.Count;

    /// <summary>Copies the bytes to the end.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_chunks.Count == 0 || _used == _chunks[^1].Length)
            {
                _chunks.Add(ArrayPool<byte>.Shared.Rent(_chunks.Count == 0 ? FirstChunk : NextChunk));
                _used = 0;
            }

            int count = Math.Min(bytes.Length, _chunks[^1].Length - _used);
            bytes[..count].CopyTo(_chunks[^1].AsSpan(_used));
            _used += count;
            bytes = bytes[count..];
        }
    }

    /// <summary>The rest of the first chunk, which stays until <see cref="Take"/>; empty when nothing is left.</summary>
    public ReadOnlyMemory<byte> Peek()
    {
        if (IsEmpty)
            return default;
        byte[] chunk = _chunks[_first];
        return chunk.AsMemory(_taken..(_first == _chunks.Count - 1 ? _used : chunk.Length));
    }

    /// <summary>Takes bytes of the first chunk off; a chunk that is used up goes back to the pool.</summary>
    public void Take(int count)
    {
        bool whole = count == Peek().Length;
        _taken += count;
        if (!whole)
            return;
        ArrayPool<byte>.Shared.Return(_chunks[_first]);
        _taken = 0;
        if (++_first == _chunks.Count)
            Forget();
    }

    /// <summary>Gives everything back. Only when no send uses a chunk.</summary>
    public void Clear()
    {
        for (; _first < _chunks.Count; _first++)
            ArrayPool<byte>.Shared.Return(_chunks[_first]);
        Forget();
    }

    private void Forget()
    {
        _chunks.Clear();
        _first = 0;
        _taken = 0;
        _used = 0;
    }
}
