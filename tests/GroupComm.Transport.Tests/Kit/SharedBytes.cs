using System;
using System.Threading;

namespace GroupComm.Transport.Tests.Kit;

/// <summary>Random bytes that know how often they are held.</summary>
internal sealed class SharedBytes : ISharedBytes
{
    private int _held;

    public SharedBytes(int size, Random random) => random.NextBytes(Buffer = new byte[size]);

    public byte[] Buffer { get; }

    public int Held => Volatile.Read(ref _held);

    public void Retain() => Interlocked.Increment(ref _held);

    public void Release() => Interlocked.Decrement(ref _held);
}
