using GroupComm.Core;
using GroupComm.Core.Messages;
using GroupComm.Core.Streams;

namespace GroupComm.Testing.Simulation;

/// <summary>A block that the garbage collector takes back.</summary>
internal sealed class SimBlock(int size) : Block
{
    public override byte[] Buffer { get; } = new byte[size];

    public override void Retain() { }

    public override void Release() { }
}

internal sealed class SimBlocks : BlockSource
{
    public static readonly SimBlocks Shared = new();

    public override Block Rent(int size) => new SimBlock(size);
}

/// <summary>The submit gate with small blocks and small fragments, so that short schedules meet both limits.</summary>
internal class SimGate(int window, ProtocolRules? rules = null) : SubmitGate(SimBlocks.Shared, window, rules)
{
    protected override int FillSize => 64;

    protected override int FragmentSize => 24;

    protected override long ReserveSize => 4096;
}

/// <summary>The gate of a node with an application on it: its messages go out whole, unless they are large.</summary>
internal sealed class SimAppGate(int window, ProtocolRules? rules = null) : SimGate(window, rules)
{
    protected override int FillSize => 1024;

    protected override int FragmentSize => 4096;

    protected override long ReserveSize => CoreLimits.Reserve;
}
