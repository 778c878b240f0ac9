using System;

namespace GroupComm.Transport;

/// <summary>The limits of a transport, in one place.</summary>
internal sealed record TransportOptions
{
    /// <summary>Accepted connections without a finished handshake; one more is closed at once (law Q3).</summary>
    public int MaxPending { get; init; } = 64;

    /// <summary>Of these, from one address.</summary>
    public int MaxPendingOfOne { get; init; } = 48;

    /// <summary>From accept or dial to <see cref="IFrameLink.Promote"/>, TLS included (law Q3).</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The largest frame in bytes before <see cref="IFrameLink.Promote"/> (law Q3).</summary>
    public int MaxHandshakeFrame { get; init; } = 4096;

    /// <summary>Unsent bytes at which a link is closed: far above the send window, so only a peer that stopped reading meets it.</summary>
    public long SendBufferLimit { get; init; } = 256L << 20;

    /// <summary>Bytes of a peer's TLS handshake, its certificates included (law Q3).</summary>
    public int MaxTlsHandshake { get; init; } = 32 << 10;

    /// <summary>Allows connections off loopback without TLS.</summary>
    public bool AllowPlaintext { get; init; }

    /// <summary>The longest attempt at one address; the system's own limit is minutes.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a gracefully closed connection waits for the peer to take the rest and close too.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(2);
}
