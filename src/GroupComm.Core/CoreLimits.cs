namespace GroupComm.Core;

/// <summary>
/// The fixed limits of the protocol, in one place. The table with those of the other rooms, their reasons and how they hang
/// together is docs/limits.md. Sizes are bytes.
/// </summary>
internal static class CoreLimits
{
    /// <summary>A message up to this size goes out whole; larger ones are cut. Far below a frame's limit, so that heartbeats
    /// and orders of the same link get between the fragments.</summary>
    public const int Fragment = 1 << 20;

    /// <summary>A bundle is closed at this size: large enough that its header does not count, small against a window.</summary>
    public const int Bundle = 128 << 10;

    /// <summary>What sends inside handlers may have unconsumed beyond the window, per node. As much as the largest message, so
    /// that a handler can answer with one.</summary>
    public const long Reserve = 64L << 20;

    /// <summary>Frames of the next view that are kept until its install. More are dropped, as a network may drop them: their
    /// sender is asked again (docs/decisions/0007). Normally the senders' windows end far below.</summary>
    public const int EarlyFrames = 4096;

    /// <summary>Messages of one member that are handled, or wait for one of their key, at the same time.</summary>
    public const int KeysInFlight = 1024;
}
