namespace GroupComm.Runtime.State;

/// <summary>What a transfer may hold in memory.</summary>
internal static class StateLimits
{
    /// <summary>Bytes in a frame: below the size at which arrays become expensive.</summary>
    public const int Chunk = 64 << 10;

    /// <summary>Bytes that the joiner has not read yet; the donor's capture waits for more. Both ends hold at most as much.</summary>
    public const int Window = 1 << 20;

    /// <summary>The joiner says what it has read after so many bytes: often enough that the window never closes by itself.</summary>
    public const int TakenEvery = Window / 4;

    /// <summary>Transfers that wait until this node has installed their point, and such as are known to be unwanted.</summary>
    public const int MaxOffers = 256;

    /// <summary>Deliveries that a member in transfer holds without holding up their senders.</summary>
    public const long Aside = 256L << 20;
}
