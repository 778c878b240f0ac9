namespace GroupComm.Core.Direct;

/// <summary>What unicasts may take. Relations: an item fits a window, a window fits the reserve.</summary>
internal static class DirectLimits
{
    /// <summary>Largest payload of one unicast or reply: it goes out in one piece, and must not hold up what shares the link.</summary>
    public const int MaxPayload = 1 << 20;

    /// <summary>Bytes sent to one node and not yet handled there; then senders wait.</summary>
    public const int Window = 4 << 20;

    /// <summary>Beyond the window, for unicasts and replies from inside handlers, which must not wait for each other.</summary>
    public const int Reserve = 16 << 20;

    /// <summary>A frame is closed at this size.</summary>
    public const int FrameSize = 128 << 10;
}
