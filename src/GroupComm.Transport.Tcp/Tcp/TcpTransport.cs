using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Transport.Links;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace GroupComm.Transport.Tcp;

/// <summary>Frames over TCP; with an upgrade, over TLS.</summary>
internal sealed class TcpTransport : ITransport
{
    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(100);

    private readonly LinkHost _host;
    private readonly IConnectionUpgrade? _upgrade;
    private readonly CancellationTokenSource _stop = new();
    private TcpListenerSet? _listeners;
    private Task _accepting = Task.CompletedTask;
    private int _used;

    public TcpTransport(
        ILinkSink sink, TransportOptions? options = null, TimeProvider? time = null, ILogger? log = null, IConnectionUpgrade? upgrade = null)
    {
        _host = new LinkHost(sink, options ?? new TransportOptions(), time ?? TimeProvider.System, log ?? NullLogger.Instance);
        _upgrade = upgrade;
    }

    public string BoundAddress { get; private set; } = "";

    /// <summary>What happened so far.</summary>
    public TransportCounters Counters => _host.Counters;

    /// <summary>Accepted connections without a finished handshake.</summary>
    public int Pending => _host.Pending;

    public async Task ListenAsync(string address, CancellationToken ct)
    {
        if (Interlocked.Exchange(ref _used, 1) == 1)
            throw new InvalidOperationException("This transport listens already, or its listening failed; make another one.");
        Endpoint endpoint = AddressResolver.Parse(address);
        IPEndPoint[] addresses = await AddressResolver.ResolveAsync(endpoint, ct).ConfigureAwait(false);
        AddressResolver.GuardPlaintext(endpoint, addresses, _upgrade is not null || _host.Options.AllowPlaintext);
        _listeners = TcpListenerSet.Bind(endpoint, addresses);
        BoundAddress = Endpoint.Of(_listeners.Bound).ToString();
        _accepting = Task.WhenAll(_listeners.Sockets.Select(socket => Task.Run(() => AcceptAsync(socket), CancellationToken.None)));
        TransportLog.Listening(_host.Log, BoundAddress);
    }

    public async Task<IFrameLink> DialAsync(string address, CancellationToken ct)
    {
        // A local connect may succeed at once; the sink must not be called on the caller's stack even then.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
        Endpoint endpoint = AddressResolver.Parse(address);
        IPEndPoint[] addresses = await AddressResolver.ResolveAsync(endpoint, ct).ConfigureAwait(false);
        AddressResolver.GuardPlaintext(endpoint, addresses, _upgrade is not null || _host.Options.AllowPlaintext);
        Socket socket = await TcpDialer.ConnectAsync(endpoint, addresses, _host.Options.ConnectTimeout, _host.Time, ct).ConfigureAwait(false);
        long began = _host.Time.GetTimestamp();
        try
        {
            Upgraded? upgraded = await UpgradeAsync(socket, endpoint.Host, server: false, ct).ConfigureAwait(false);
            return _host.Open(new TcpChannel(socket, upgraded), dialled: true, began);
        }
        catch (Exception error) when (error is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            socket.Dispose();
            // A peer that dies in the middle says nothing about certificates.
            bool judged = error is AuthenticationException;
            _host.Refuse(new CloseReason(judged ? CloseKind.Tls : CloseKind.Reset, error.Message), endpoint.ToString());
            throw new TransportException(judged ? JoinStep.Tls : JoinStep.Connect, $"TLS with {endpoint} failed: {error.Message}", inner: error);
        }
        catch (OperationCanceledException)
        {
            socket.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _listeners?.Dispose();
        await _accepting.ConfigureAwait(false);
        await _host.CloseAllAsync().ConfigureAwait(false);
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                Socket socket = await listener.AcceptAsync(_stop.Token).ConfigureAwait(false);
                string remote = RemoteOf(socket);
                if (_host.TryEnterPending(remote))
                    _ = AdmitAsync(socket, remote, _host.Time.GetTimestamp());
                else
                    socket.Dispose();
            }
            catch (Exception error) when (ChannelFailure.Is(error))
            {
                if (_stop.IsCancellationRequested)
                    return;
                // For example no file handle left: those who wait in the backlog are served when there is one again.
                TransportLog.AcceptFailed(_host.Log, BoundAddress, error.Message);
                await Task.Delay(AcceptPause, _host.Time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static string RemoteOf(Socket socket)
    {
        try
        {
            return socket.RemoteEndPoint is IPEndPoint ip ? Endpoint.Of(ip).ToString() : "";
        }
        catch (SocketException)
        {
            // Gone between its arrival and our accept; no reason to pause accepting.
            return "";
        }
    }

    private async Task AdmitAsync(Socket socket, string remote, long began)
    {
        try
        {
            socket.NoDelay = true;
            Upgraded? upgraded = await UpgradeAsync(socket, "", server: true, _stop.Token).ConfigureAwait(false);
            _host.Open(new TcpChannel(socket, upgraded), dialled: false, began);
        }
        catch (Exception error)
        {
            _host.LeavePending(remote);
            socket.Dispose();
            _host.Refuse(new CloseReason(_upgrade is null ? CloseKind.Reset : CloseKind.Tls, error.Message), remote);
        }
    }

    private async ValueTask<Upgraded?> UpgradeAsync(Socket socket, string host, bool server, CancellationToken ct)
    {
        if (_upgrade is null)
            return null;
        using CancellationTokenSource late = new(_host.Options.HandshakeTimeout, _host.Time);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(late.Token, ct);
        return await _upgrade.UpgradeAsync(new NetworkStream(socket, ownsSocket: false), host, server, both.Token).ConfigureAwait(false);
    }
}
