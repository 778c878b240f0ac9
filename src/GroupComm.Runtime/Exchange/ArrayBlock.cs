using GroupComm.Core.Messages;

namespace GroupComm.Runtime.Exchange;

/// <summary>The memory of one unicast; the garbage collector takes it back.</summary>
internal sealed class ArrayBlock(byte[] buffer) : Block
{
    public override byte[] Buffer { get; } = buffer;

    public override void Retain() { }

    public override void Release() { }
}
