using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;

namespace GroupComm.Transport.Links;

/// <summary>What all links of one transport share: the sink, the limits, the counters, and the list of those alive.</summary>
internal sealed class LinkHost(ILinkSink sink, TransportOptions options, TimeProvider time, ILogger log)
{
    private readonly ConcurrentDictionary<long, FrameLink> _links = new();
    private readonly PendingPlaces _pending = new(options.MaxPending, options.MaxPendingOfOne);
    private long _lastId;
    private volatile bool _closed;

    public ILinkSink Sink { get; } = sink;

    public TransportOptions Options { get; } = options;

    public TimeProvider Time { get; } = time;

    public ILogger Log { get; } = log;

    public TransportCounters Counters { get; } = new();

    /// <summary>Accepted connections without a finished handshake.</summary>
    public int Pending => _pending.Count;

    /// <summary>A place for one more accepted connection. False: it was counted and logged, the caller ends the connection.</summary>
    public bool TryEnterPending(string remote)
    {
        if (_pending.TryEnter(remote) is not { } why)
            return true;
        Refuse(new CloseReason(CloseKind.TooManyPending, why), remote);
        return false;
    }

    public void LeavePending(string remote) => _pending.Leave(remote);

    /// <summary>Counts and logs a connection that ends before the sink has heard of it.</summary>
    public void Refuse(CloseReason reason, string remote)
    {
        Counters.AddClosed(reason.Kind);
        TransportLog.Refused(Log, remote, reason);
    }

    /// <summary>Makes a link of a connection. An accepted one must hold a pending place, which the link takes over.</summary>
    /// <param name="channel">The connection.</param>
    /// <param name="dialled">Which side this is.</param>
    /// <param name="began">Timestamp of the accept or dial: the handshake deadline counts from there.</param>
    public FrameLink Open(IByteChannel channel, bool dialled, long began)
    {
        TimeSpan deadline = Options.HandshakeTimeout - Time.GetElapsedTime(began);
        FrameLink link = new(this, channel, Interlocked.Increment(ref _lastId), dialled, deadline);
        _links[link.Id] = link;
        Counters.AddOpened();
        TransportLog.Opened(Log, link.Id, link.RemoteAddress, dialled);
        link.Start();
        if (_closed)
            link.Close(Disposing);
        return link;
    }

    /// <summary>Last step of a link.</summary>
    public void Forget(FrameLink link) => _links.TryRemove(link.Id, out _);

    /// <summary>Counts and logs the end of a link, before the sink hears of it.</summary>
    public void Ended(FrameLink link, CloseReason reason)
    {
        Counters.AddClosed(reason.Kind);
        TransportLog.Closed(Log, link.Id, link.RemoteAddress, reason);
    }

    /// <summary>Closes every link, also those opened from now on, and waits for their ends.</summary>
    public async Task CloseAllAsync()
    {
        _closed = true;
        // Again, because a dial may have come through meanwhile.
        while (!_links.IsEmpty)
        {
            FrameLink[] links = [.. _links.Values];
            Array.ForEach(links, link => link.Close(Disposing));
            await Task.WhenAll(links.Select(link => link.Completion)).ConfigureAwait(false);
        }
    }

    private static CloseReason Disposing => new(CloseKind.Shutdown, "this node is stopping");
}
