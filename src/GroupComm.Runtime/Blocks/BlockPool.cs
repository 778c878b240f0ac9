using System.Threading;
using GroupComm.Core;
using GroupComm.Core.Messages;

namespace GroupComm.Runtime.Blocks;

/// <summary>
/// Blocks in four sizes: small frames, a part of a bundle, a full bundle, a full fragment; larger ones are plain arrays for the garbage
/// collector. Rented and returned per bundle, not per message, so a short lock is enough.
/// </summary>
internal sealed class BlockPool : BlockSource
{
    // Room for lengths and headers beyond the payload, so that a full bundle or fragment fits its class.
    private const int Slack = 4096;

    // What may lie idle: 8 MiB, 8 MiB, 83 MiB, 64 MiB. Acknowledgements free what all senders have in flight at once (three at full
    // speed: 520 blocks); what finds no place is garbage, and the next bundles pay for fresh memory (docs/decisions/0060).
    private readonly Shelf[] _shelves =
    [
        new(4 << 10, 2048), new(32 << 10, 256), new(CoreLimits.Bundle + Slack, 640), new(CoreLimits.Fragment + Slack, 64),
    ];

    public override Block Rent(int size)
    {
        for (int i = 0; i < _shelves.Length; i++)
            if (size <= _shelves[i].Size)
                return _shelves[i].Take() ?? new PooledBlock(new byte[_shelves[i].Size], this, i);
        return new PooledBlock(new byte[size], null, -1);
    }

    public void Return(PooledBlock block) => _shelves[block.SizeClass].Put(block);

    private sealed class Shelf(int size, int capacity)
    {
        private readonly PooledBlock?[] _blocks = new PooledBlock?[capacity];
        private readonly Lock _lock = new();
        private int _count;

        public int Size => size;

        public PooledBlock? Take()
        {
            PooledBlock block;
            lock (_lock)
            {
                if (_count == 0)
                    return null;
                block = _blocks[--_count]!;
                _blocks[_count] = null;
            }
            block.Revive();
            return block;
        }

        public void Put(PooledBlock block)
        {
            lock (_lock)
            {
                if (_count < _blocks.Length)
                    _blocks[_count++] = block;
            }
        }
    }
}
