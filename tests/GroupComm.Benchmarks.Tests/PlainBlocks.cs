using GroupComm.Core.Messages;

namespace GroupComm.Benchmarks.Tests;

/// <summary>One block that is used again and again: what is measured is not the memory.</summary>
internal sealed class PlainBlocks : BlockSource
{
    private PlainBlock? _block;

    public override Block Rent(int size) => _block is not null && _block.Buffer.Length >= size ? _block : _block = new PlainBlock(new byte[size]);

    private sealed class PlainBlock(byte[] buffer) : Block
    {
        public override byte[] Buffer => buffer;

        public override void Retain() { }

        public override void Release() { }
    }
}
