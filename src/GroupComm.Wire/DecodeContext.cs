using System.Collections.Generic;
using GroupComm.Core.Messages;

namespace GroupComm.Wire;

/// <summary>What a decoder keeps between frames, and the blocks of the frame that it reads: they go back if the frame
/// turns out malformed.</summary>
internal sealed class DecodeContext(BlockSource blocks)
{
    private readonly List<Block> _rented = [];

    public TextCache TypeIds { get; } = new();

    public Block Rent(int size)
    {
        Block block = blocks.Rent(size);
        _rented.Add(block);
        return block;
    }

    /// <summary>The message is good: its blocks belong to whoever gets it.</summary>
    public void Keep() => _rented.Clear();

    public void GiveBack()
    {
        foreach (Block block in _rented)
            block.Release();
        _rented.Clear();
    }
}
