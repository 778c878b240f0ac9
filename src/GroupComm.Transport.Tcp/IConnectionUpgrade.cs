using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Transport;

/// <summary>The seam for TLS: turns a fresh connection into an authenticated, encrypted one before any frame.
/// A stream, not a pipe: an SslStream is one, and the link brings its own buffers for both directions.</summary>
internal interface IConnectionUpgrade
{
    /// <summary>Wraps the raw stream; the result owns it. Throwing closes the connection with <see cref="CloseKind.Tls"/>.</summary>
    /// <param name="raw">The connection.</param>
    /// <param name="host">The dialled host; empty on the accepting side.</param>
    /// <param name="server">True on the accepting side.</param>
    /// <param name="ct">Cancelled at the handshake deadline.</param>
    ValueTask<Upgraded> UpgradeAsync(Stream raw, string host, bool server, CancellationToken ct);
}

/// <summary>A connection that was upgraded.</summary>
/// <param name="Stream">What carries the frames.</param>
/// <param name="Peer">Who proved to be at the other end; null when the upgrade proves nothing.</param>
internal sealed record Upgraded(Stream Stream, PeerIdentity? Peer);
