namespace GroupComm.Wire;

/// <summary>What a frame may hold. Who admits names into the system checks them against these limits too: a frame that
/// breaks one costs the link.</summary>
internal static class WireLimits
{
    /// <summary>Bytes after the length prefix. Bounds what a peer can make us buffer; a decision may carry the windows of
    /// several streams, each up to one window and one message of 64 MiB.</summary>
    public const int MaxFrame = 256 << 20;

    /// <summary>Bytes of a handshake after the length prefix (security row Q3).</summary>
    public const int MaxHandshake = 4096;

    /// <summary>Bytes of the length prefix.</summary>
    public const int Prefix = 4;

    /// <summary>Bytes of the checksum at the end.</summary>
    public const int Tail = 8;

    /// <summary>Nesting of arrays, of skipped fields too (security row Q4).</summary>
    public const int MaxDepth = 16;

    /// <summary>Ranks are 0 … 63: who hears whom is one word.</summary>
    public const int MaxRanks = 64;

    /// <summary>Sequences, numbers and views stay exact in JSON.</summary>
    public const long MaxNumber = (1L << 53) - 1;

    /// <summary>Characters of an advertised address.</summary>
    public const int MaxAddress = 300;

    /// <summary>Characters of a group's, member's or cluster's name.</summary>
    public const int MaxName = 256;

    /// <summary>Characters of a type id.</summary>
    public const int MaxTypeId = 256;

    /// <summary>Characters of a trace context; version 00 of traceparent has 55, later ones may be longer.</summary>
    public const int MaxTraceParent = 128;

    /// <summary>Characters of a reason; longer ones are cut by the sender.</summary>
    public const int MaxReason = 1024;
}
