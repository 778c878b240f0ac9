namespace GroupComm.Transport;

/// <summary>Why a link ended. Closed set: it is also a metric tag.</summary>
internal enum CloseKind
{
    /// <summary>This side wanted it. Graceful.</summary>
    Local,

    /// <summary>The peer ended the connection in order.</summary>
    Remote,

    /// <summary>The connection broke.</summary>
    Reset,

    /// <summary>The peer announced a frame above the limit.</summary>
    Oversized,

    /// <summary>The peer sent nonsense.</summary>
    Malformed,

    /// <summary>No handshake within the deadline.</summary>
    HandshakeTimeout,

    /// <summary>Refused at accept: too many connections without handshake.</summary>
    TooManyPending,

    /// <summary>The peer does not read; the limit of unsent bytes was reached.</summary>
    SendBufferFull,

    /// <summary>TLS failed.</summary>
    Tls,

    /// <summary>The transport is being disposed. Graceful.</summary>
    Shutdown,

    /// <summary>Another link to the same peer took over. Graceful.</summary>
    Superseded,
}

/// <summary>The one reason of a link's end, with a line for people.</summary>
internal readonly record struct CloseReason(CloseKind Kind, string Detail)
{
    /// <summary>How many kinds there are, for tables.</summary>
    public const int KindCount = (int)CloseKind.Superseded + 1;

    /// <summary>Whether what was written before is still sent.</summary>
    public bool IsGraceful => Kind is CloseKind.Local or CloseKind.Shutdown or CloseKind.Superseded;

    /// <inheritdoc/>
    public override string ToString() => Detail.Length == 0 ? Kind.ToString() : $"{Kind}: {Detail}";
}
