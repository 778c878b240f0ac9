namespace GroupComm.Core.Messages;

/// <summary>
/// A counted piece of memory that holds the payloads of one bundle. The runtime pools blocks and counts with atomic
/// operations; the simulator lets the garbage collector do it. The last release ends its life.
/// </summary>
internal abstract class Block
{
    public abstract byte[] Buffer { get; }

    public abstract void Retain();

    public abstract void Release();
}

/// <summary>Where the submit gate gets blocks.</summary>
internal abstract class BlockSource
{
    /// <summary>A block of at least <paramref name="size"/> bytes with one reference.</summary>
    public abstract Block Rent(int size);
}
