using System;

namespace GroupComm.Testing.Laws;

/// <summary>A growing array that keeps its memory when it is cleared and hands out references.</summary>
internal sealed class Table<T>
{
    private T[] _items = new T[16];
    private int _count;

    public int Count => _count;

    public Span<T> Rows => _items.AsSpan(0, _count);

    public ref T this[int index] => ref _items[index];

    /// <summary>Appends a default row and returns it.</summary>
    public ref T Add()
    {
        if (_count == _items.Length)
            Array.Resize(ref _items, _count * 2);
        ref T row = ref _items[_count++];
        row = default!;
        return ref row;
    }

    public void Add(T row) => Add() = row;

    public void Clear() => _count = 0;

    /// <summary>Makes it <paramref name="count"/> rows of <paramref name="value"/>.</summary>
    public void Fill(int count, T value)
    {
        if (_items.Length < count)
            _items = new T[Math.Max(count, _items.Length * 2)];
        _count = count;
        Rows.Fill(value);
    }
}
