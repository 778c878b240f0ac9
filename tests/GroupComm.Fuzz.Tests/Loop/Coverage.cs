using System;
using System.Numerics;
using System.Runtime.InteropServices;
using SharpFuzz.Common;

namespace GroupComm.Fuzz.Tests.Loop;

/// <summary>
/// Which branches an input ran, and about how often: the map that instrumented code counts in (one byte a pair of consecutive places), folded into eight classes.
/// Without instrumented code it stays empty. One a process, made before any instrumented code runs, and never given back: code may run at any time.
/// </summary>
internal sealed unsafe class Coverage
{
    private const int Size = 1 << 16;

    private static readonly byte[] s_classes = Classes();

    private readonly byte* _map = (byte*)NativeMemory.AlignedAlloc(Size, 64);
    private readonly byte[] _seen = new byte[Size];

    public Coverage()
    {
        new Span<byte>(_map, Size).Clear();
        Trace.SharedMem = _map;
    }

    /// <summary>Pairs of places that some input ran.</summary>
    public int Edges { get; private set; }

    /// <summary>An input begins.</summary>
    public void Begin()
    {
        new Span<byte>(_map, Size).Clear();
        Trace.PrevLocation = 0;
    }

    /// <summary>Whether the input since <see cref="Begin"/> ran what none before did; remembers it.</summary>
    public bool TakeNew()
    {
        bool any = false;
        ReadOnlySpan<Vector<byte>> words = MemoryMarshal.Cast<byte, Vector<byte>>(new ReadOnlySpan<byte>(_map, Size));
        for (int i = 0; i < words.Length; i++)
            if (words[i] != Vector<byte>.Zero)
                any |= Take(i * Vector<byte>.Count);
        return any;
    }

    /// <summary>A number for the set of branches that the last input ran.</summary>
    public ulong Shape()
    {
        ulong hash = 14695981039346656037;
        for (int i = 0; i < Size; i++)
            if (_map[i] != 0)
                hash = ((hash ^ (uint)i ^ ((ulong)s_classes[_map[i]] << 32)) * 1099511628211) ^ (hash >> 29);
        return hash;
    }

    private bool Take(int from)
    {
        bool any = false;
        for (int i = from; i < from + Vector<byte>.Count; i++)
        {
            int fresh = s_classes[_map[i]] & ~_seen[i];
            if (fresh == 0)
                continue;
            any = true;
            Edges += _seen[i] == 0 ? 1 : 0;
            _seen[i] |= (byte)fresh;
        }
        return any;
    }

    private static byte[] Classes()
    {
        byte[] classes = new byte[256];
        for (int i = 1; i < 256; i++)
            classes[i] = (byte)(i switch { 1 => 1, 2 => 2, 3 => 4, < 8 => 8, < 16 => 16, < 32 => 32, < 128 => 64, _ => 128 });
        return classes;
    }
}
