using System;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Transport;

/// <summary>One listener and one dialer of byte frames. Knows nothing of messages. Implemented over TCP and in memory, with
/// the same contract tests. Disposing closes every link gracefully and returns after the last
/// <see cref="ILinkSink.OnClosed"/>; do not block on it inside a sink call.</summary>
internal interface ITransport : IAsyncDisposable
{
    /// <summary><c>host:port</c> that is really bound; empty before <see cref="ListenAsync"/>.</summary>
    string BoundAddress { get; }

    /// <summary>What happened so far.</summary>
    TransportCounters Counters { get; }

    /// <summary>Accepts links at <paramref name="address"/>; port 0 takes a free one. At most once.</summary>
    /// <exception cref="TransportException">The address is wrong, taken, not ours, or plaintext is not allowed there: one line with the fix.</exception>
    Task ListenAsync(string address, CancellationToken ct);

    /// <summary>Opens a link. <see cref="ILinkSink.OnOpened"/> has returned when the task completes.</summary>
    /// <exception cref="TransportException"><see cref="TransportException.Refused"/> when nobody listens there.</exception>
    Task<IFrameLink> DialAsync(string address, CancellationToken ct);
}
