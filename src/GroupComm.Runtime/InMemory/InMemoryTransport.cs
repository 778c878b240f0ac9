using System;
using System.Net;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Transport;
using GroupComm.Transport.Links;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace GroupComm.Runtime.InMemory;

/// <summary>A transport inside one process. Links, limits, deadlines and close reasons are those of TCP because the code is:
/// only the bytes below travel through <see cref="InMemoryNetwork"/>. Frames arrive on the thread pool, never on the writer's stack.</summary>
internal sealed class InMemoryTransport : ITransport
{
    private readonly InMemoryNetwork _network;
    private readonly LinkHost _host;
    private bool _disposed;

    public InMemoryTransport(
        InMemoryNetwork network, ILinkSink sink, TransportOptions? options = null, TimeProvider? time = null, ILogger? log = null)
    {
        _network = network;
        _host = new LinkHost(sink, options ?? new TransportOptions(), time ?? TimeProvider.System, log ?? NullLogger.Instance);
    }

    public string BoundAddress { get; private set; } = "";

    /// <summary>What happened so far.</summary>
    public TransportCounters Counters => _host.Counters;

    /// <summary>Accepted connections without a finished handshake.</summary>
    public int Pending => _host.Pending;

    internal string Host { get; private set; } = "127.0.0.1";

    public async Task ListenAsync(string address, CancellationToken ct)
    {
        await LeaveCallerAsync();
        if (BoundAddress.Length > 0)
            throw new InvalidOperationException("This transport listens already; make another one.");
        Endpoint bound = _network.Listen(this, Parse(address));
        (BoundAddress, Host) = (bound.ToString(), bound.Host);
    }

    public async Task<IFrameLink> DialAsync(string address, CancellationToken ct)
    {
        await LeaveCallerAsync();
        ObjectDisposedException.ThrowIf(_disposed, this);
        ct.ThrowIfCancellationRequested();
        (InMemoryTransport listener, InMemoryChannel dialled, InMemoryChannel accepted) = _network.Connect(this, Parse(address));
        listener.Accept(accepted);
        return _host.Open(dialled, dialled: true, _host.Time.GetTimestamp());
    }

    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        _network.Unlisten(this);
        await _host.CloseAllAsync().ConfigureAwait(false);
    }

    private void Accept(InMemoryChannel channel)
    {
        if (_host.TryEnterPending(channel.RemoteAddress))
            _host.Open(channel, dialled: false, _host.Time.GetTimestamp());
        else
            channel.Abort();
    }

    // As over TCP: nothing happens on the caller's stack, and errors come with the task.
    private static ConfiguredTaskAwaitable LeaveCallerAsync() => Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);

    private static Endpoint Parse(string address)
    {
        if (!Endpoint.TryParse(address, Endpoint.DefaultPort, out Endpoint endpoint, out string error))
            throw new TransportException(JoinStep.Resolve, error);
        return endpoint.Host == "localhost" ? Endpoint.Of(new IPEndPoint(IPAddress.Loopback, endpoint.Port)) : endpoint;
    }
}
