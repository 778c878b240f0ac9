using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Daemon.CommandLine;
using GroupComm.Daemon.Gateway;
using GroupComm.Daemon.Sidecar.Access;
using GroupComm.Daemon.Sidecar.Events;
using GroupComm.Daemon.Sidecar.Json;
using GroupComm.Daemon.Sidecar.Metrics;
using GroupComm.Daemon.Sidecar.Posts;
using GroupComm.Daemon.Sidecar.Watch;
using GroupComm.Runtime.Inspection;
using Endpoint = GroupComm.Transport.Endpoint;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GroupComm.Daemon.Sidecar;

/// <summary>The HTTP surface of one node: Kestrel with nothing on it but the paths of contracts.md section 3.</summary>
internal sealed class HttpHost : IAsyncDisposable
{
    public const int DefaultPort = 7480;

    private const int RecentDeliveries = 1024;

    private readonly WebApplication _app;
    private readonly SessionTable _sessions;
    private readonly Routes _routes;
    private readonly HttpGuard _guard;
    private readonly ClusterWatch _watch;
    private readonly HttpAccess _access;
    private readonly SidecarFigures _figures = new();
    private readonly MetricsBook _metrics;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private int _open;

    private HttpHost(
        IGroupCommNode node, GatewayServer gateway, MetricsBook metrics, Endpoint endpoint, ILoggerFactory logs, HttpAccess access, Action leave)
    {
        _access = access;
        INodePort port = (INodePort)node;
        _log = logs.CreateLogger("GroupComm.Http");
        _metrics = metrics;
        _guard = new HttpGuard(HttpGuard.IsLoopback(endpoint.Host));
        _sessions = new SessionTable(node, _figures, _log);
        _figures.Members = () => _sessions.Count;
        ViewHistory history = new();
        DeliveryRing recent = port.KeepRecent(RecentDeliveries);
        _watch = new ClusterWatch(node, port, recent, _log);
        _routes = new Routes(
            node, port, _sessions, new MessagePost(node, port, _sessions, new IdempotencyTable()), history, recent, metrics, _watch, gateway, access, leave);
        _ = history.FollowAsync(node, _stop.Token);

        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            if (access is { Certificate: { } certificate, Socket: null })
                kestrel.ConfigureEndpointDefaults(listen => listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(certificate.Options) }));
            if (access.Socket is { } socket)
                kestrel.ListenUnixSocket(socket);
            else if (string.Equals(endpoint.Host, "localhost", StringComparison.OrdinalIgnoreCase) && endpoint.Port != 0)
                kestrel.ListenLocalhost(endpoint.Port);
            else
                kestrel.Listen(Address(endpoint.Host), endpoint.Port);
        });
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>(); // signals are the daemon's own business
        builder.Services.AddSingleton((ILoggerFactory)new Quiet(logs));
        _app = builder.Build();
        _app.UseWebSockets();
        _app.Run(AnswerAsync);
    }

    /// <summary>Where it listens, as bound.</summary>
    public string BoundAddress => _access.Socket is { } socket ? HttpAccess.SocketPrefix + socket : new Uri(_app.Urls.First()).Authority;

    /// <summary>Checks what needs no socket: a mistake in the configuration.</summary>
    public static Endpoint? Plan(string text, bool insecure)
    {
        if (text == "off")
            return null;
        if (text.StartsWith(HttpAccess.SocketPrefix, StringComparison.Ordinal))
            text = "127.0.0.1:0"; // not listened at, but as near
        if (!Endpoint.TryParse(text, DefaultPort, out Endpoint endpoint, out string error))
            throw new UsageException($"Http (--http): {error}");
        if (!HttpGuard.IsLoopback(endpoint.Host) && !IPAddress.TryParse(endpoint.Host, out _))
            throw new UsageException($"Http (--http) '{text}': name an address of this machine, 127.0.0.1 or 0.0.0.0 for example");
        if (!HttpGuard.IsLoopback(endpoint.Host) && !insecure)
            throw new UsageException(
                $"Http (--http) '{text}' is not loopback, and whoever reaches it could read and send: give it --http-cert, --http-key and --token-file, use a loopback address, or --insecure in a network that you trust");
        return endpoint;
    }

    /// <exception cref="JoinException">The address is in use.</exception>
    public static async Task<HttpHost> StartAsync(
        IGroupCommNode node, GatewayServer gateway, MetricsBook metrics, Endpoint endpoint, ILoggerFactory logs, CancellationToken ct,
        HttpAccess? access = null, Action? leave = null)
    {
        access ??= HttpAccess.Open;
        if (access.Socket is { } file)
            SocketFile.Prepare(file, "Http (--http)");
        HttpHost host = new(node, gateway, metrics, endpoint, logs, access, leave ?? (() => { }));
        try
        {
            await host._app.StartAsync(ct).ConfigureAwait(false);
        }
        catch (IOException error)
        {
            await host.DisposeAsync().ConfigureAwait(false);
            throw new JoinException(JoinStep.Connect, $"HTTP cannot listen at {endpoint}: {error.InnerException?.Message ?? error.Message}; name another address with --http, or --http off", error);
        }
        host._watch.Start();
        if (access.Socket is { } bound)
            SocketFile.Restrict(bound);
        SidecarLog.Serves(host._log, access.Socket is null ? $"{(access.Certificate is null ? "http" : "https")}://{host.BoundAddress}" : host.BoundAddress);
        if (!HttpGuard.IsLoopback(endpoint.Host) && !access.IsProtected)
            SidecarLog.Insecure(host._log, host.BoundAddress);
        return host;
    }

    /// <summary>New requests are refused, streams end with a last event; returns when the others are answered or the time is over.</summary>
    public async Task DrainAsync(TimeSpan time)
    {
        await _routes.Draining.CancelAsync().ConfigureAwait(false);
        _sessions.Drain();
        long end = Environment.TickCount64 + (long)time.TotalMilliseconds;
        while (Volatile.Read(ref _open) > 0 && Environment.TickCount64 < end)
            await Task.Delay(10).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _watch.DisposeAsync().ConfigureAwait(false);
        using (var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(200)))
            await _app.StopAsync(limit.Token).ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
        _sessions.Dispose();
        _figures.Dispose();
        _stop.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _open);
        try
        {
            _guard.Check(context.Request);
            _access.Check(context);
            await _routes.AnswerAsync(context).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for the answer.
        }
        catch (BadHttpRequestException error)
        {
            await RefuseAsync(context, new Problem(error.StatusCode, "bad-request", error.Message, "correct the request")).ConfigureAwait(false);
        }
        catch (Problem problem)
        {
            await RefuseAsync(context, problem).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not IOException)
        {
            SidecarLog.Failed(_log, error, context.Request.Method, context.Request.Path);
            await RefuseAsync(context, Problem.Of(error, "")).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
            _figures.Answered(context.Response.StatusCode);
        }
    }

    private async Task RefuseAsync(HttpContext context, Problem problem)
    {
        SidecarLog.Refused(_log, context.Request.Method, context.Request.Path, problem.Status, problem.Code, problem.Message);
        if (context.Response.HasStarted)
            context.Abort();
        else
            await Reply.ProblemAsync(context, problem).ConfigureAwait(false);
    }

    private static IPAddress Address(string host) => IPAddress.TryParse(host, out IPAddress? address) ? address : IPAddress.Loopback;

    /// <summary>The server has nothing to say: what it refuses, the sidecar logs itself.</summary>
    private sealed class Quiet(ILoggerFactory logs) : ILoggerFactory
    {
        public ILogger CreateLogger(string categoryName) =>
            categoryName.StartsWith("Microsoft.", StringComparison.Ordinal) ? Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance : logs.CreateLogger(categoryName);

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }
}
