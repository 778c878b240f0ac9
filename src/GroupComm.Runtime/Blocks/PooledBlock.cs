using System.Threading;
using GroupComm.Core;
using GroupComm.Core.Messages;
using GroupComm.Transport;

namespace GroupComm.Runtime.Blocks;

/// <summary>A block counted with atomic operations; the last release returns it to its pool.</summary>
internal sealed class PooledBlock(byte[] buffer, BlockPool? home, int sizeClass) : Block, ISharedBytes
{
    private int _references = 1;

    public override byte[] Buffer => buffer;

    public int SizeClass => sizeClass;

    public override void Retain()
    {
        int references = Interlocked.Increment(ref _references);
        Invariant.Holds(references > 1, "memory", "a block was retained after its last release");
    }

    public override void Release()
    {
        int references = Interlocked.Decrement(ref _references);
        Invariant.Holds(references >= 0, "memory", "a block was released twice");
        if (references == 0)
            home?.Return(this);
    }

    /// <summary>A pooled block begins its next life.</summary>
    public void Revive() => Volatile.Write(ref _references, 1);
}
