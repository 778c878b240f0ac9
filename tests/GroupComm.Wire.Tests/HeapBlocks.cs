using System.Collections.Generic;
using GroupComm.Core.Messages;

namespace GroupComm.Wire.Tests;

/// <summary>Blocks that count their references, and remember how many live.</summary>
internal sealed class HeapBlocks : BlockSource
{
    public int Live { get; private set; }

    /// <summary>Released blocks are used again, as in the runtime's pool.</summary>
    public bool Reuse { get; init; }

    private readonly Stack<HeapBlock> _free = [];

    public override Block Rent(int size)
    {
        Live++;
        if (Reuse && _free.TryPop(out HeapBlock? block) && block.Buffer.Length >= size)
        {
            block.References = 1;
            return block;
        }
        return new HeapBlock(this, size);
    }

    private sealed class HeapBlock(HeapBlocks owner, int size) : Block
    {
        public int References { get; set; } = 1;

        public override byte[] Buffer { get; } = new byte[size];

        public override void Retain() => References++;

        public override void Release()
        {
            if (--References > 0)
                return;
            owner.Live--;
            if (owner.Reuse)
                owner._free.Push(this);
        }
    }
}
