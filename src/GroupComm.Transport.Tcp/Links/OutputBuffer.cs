using System;
using System.Buffers;
using System.Collections.Generic;

namespace GroupComm.Transport.Links;

/// <summary>Bytes to send, appended at the end, taken from the front. One owner at a time. Small ones are copied into pooled chunks, large
/// ones stay where they are and are held until they are sent. The first chunk is small because most turns are, the others large so that a send call
/// carries much.</summary>
internal sealed class OutputBuffer
{
    /// <summary>What one call sends at most: up to so many pieces the system call allocates nothing.</summary>
    public const int MaxGathered = 8;

    private const int FirstChunk = 64 << 10;
    private const int NextChunk = 256 << 10;

    private readonly List<Piece> _pieces = [];
    private byte[]? _chunk;
    private int _used;
    private int _first;

    // Consecutive bytes: a part of a chunk, or of what is shared. Nothing comes behind a piece that ends its chunk.
    private readonly record struct Piece(byte[] Bytes, int Start, int End, ISharedBytes? Shared, bool EndsChunk = false)
    {
        public int Length => End - Start;

        public void Free()
        {
            if (Shared is not null)
                Shared.Release();
            else if (EndsChunk)
                ArrayPool<byte>.Shared.Return(Bytes);
        }
    }

    /// <summary>Whether nothing is left to send.</summary>
    public bool IsEmpty => _first == _pieces.Count;

    /// <summary>Pieces that are left.</summary>
    public int Pieces => _pieces.Count - _first;

    /// <summary>Copies the bytes to the end.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_chunk is null || _used == _chunk.Length)
            {
                _chunk = ArrayPool<byte>.Shared.Rent(_chunk is null ? FirstChunk : NextChunk);
                _used = 0;
            }

            int count = Math.Min(bytes.Length, _chunk.Length - _used);
            bytes[..count].CopyTo(_chunk.AsSpan(_used));
            Add(_chunk, _used, count);
            _used += count;
            bytes = bytes[count..];
        }
    }

    /// <summary>Puts the bytes to the end where they are.</summary>
    public void Append(ISharedBytes shared, int offset, int length)
    {
        shared.Retain();
        _pieces.Add(new Piece(shared.Buffer, offset, offset + length, shared));
    }

    /// <summary>The rest of the first piece, which stays until <see cref="Take"/>; empty when nothing is left.</summary>
    public ReadOnlyMemory<byte> Peek() => IsEmpty ? default : _pieces[_first].Bytes.AsMemory(_pieces[_first].Start, _pieces[_first].Length);

    /// <summary>The first pieces, as many as one call takes.</summary>
    public void Gather(List<ArraySegment<byte>> into)
    {
        into.Clear();
        for (int i = _first; i < _pieces.Count && into.Count < MaxGathered; i++)
            into.Add(new ArraySegment<byte>(_pieces[i].Bytes, _pieces[i].Start, _pieces[i].Length));
    }

    /// <summary>Takes bytes off the front; what is used up is given back.</summary>
    public void Take(int count)
    {
        while (count > 0)
        {
            Piece piece = _pieces[_first];
            if (count < piece.Length)
            {
                _pieces[_first] = piece with { Start = piece.Start + count };
                return;
            }
            count -= piece.Length;
            piece.Free();
            _first++;
        }
        if (IsEmpty)
            Forget();
    }

    /// <summary>Gives everything back. Only when no send uses a piece.</summary>
    public void Clear()
    {
        for (; _first < _pieces.Count; _first++)
            _pieces[_first].Free();
        Forget();
    }

    // Behind a piece of the same chunk it makes that one longer.
    private void Add(byte[] chunk, int start, int count)
    {
        bool fills = start + count == chunk.Length;
        if (!IsEmpty && _pieces[^1] is { Shared: null } last && last.Bytes == chunk && last.End == start)
            _pieces[^1] = last with { End = start + count, EndsChunk = fills };
        else
            _pieces.Add(new Piece(chunk, start, start + count, null, fills));
    }

    private void Forget()
    {
        if (_chunk is not null && _used < _chunk.Length)
            ArrayPool<byte>.Shared.Return(_chunk); // else its last piece gave it back
        _chunk = null;
        _used = 0;
        _pieces.Clear();
        _first = 0;
    }
}
