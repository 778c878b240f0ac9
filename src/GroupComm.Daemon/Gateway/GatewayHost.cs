using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Daemon.CommandLine;
using GroupComm.Daemon.Sidecar;
using GroupComm.Daemon.Sidecar.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Endpoint = GroupComm.Transport.Endpoint;

namespace GroupComm.Daemon.Gateway;

/// <summary>Where the gateway listens besides HTTP.</summary>
internal sealed record GatewayPlan(string? Socket, Endpoint? Tcp)
{
    /// <summary>What TCP asks for: token and TLS, as HTTP does.</summary>
    public HttpAccess Access { get; init; } = HttpAccess.Open;

    public const int DefaultPort = 7481;

    /// <summary>Checks what needs no socket.</summary>
    /// <exception cref="UsageException">It cannot be.</exception>
    public static GatewayPlan? Of(string? socket, string? tcp, bool insecure, HttpAccess? access = null)
    {
        if (socket is null && tcp is null)
            return null;
        Endpoint endpoint = default;
        if (tcp is not null && !Endpoint.TryParse(tcp, DefaultPort, out endpoint, out string wrong))
            throw new UsageException($"Tcp (--tcp) '{tcp}' is no address: {wrong}");
        if (tcp is not null && !IPAddress.TryParse(endpoint.Host, out _) && !HttpGuard.IsLoopback(endpoint.Host))
            throw new UsageException($"Tcp (--tcp) '{tcp}' is a name: give an address of this machine, 127.0.0.1 or 0.0.0.0 for example");
        if (tcp is not null && !HttpGuard.IsLoopback(endpoint.Host) && !insecure && access?.IsProtected is not true)
            throw new UsageException(
                $"Tcp (--tcp) '{tcp}' is not loopback, and whoever reaches it could read and send: give it --http-cert, --http-key and --token-file, use a loopback address, or --insecure in a network that you trust");
        // 108 bytes with the zero at the end on Linux, 104 on macOS.
        if (socket is not null && System.Text.Encoding.UTF8.GetByteCount(socket) is 0 or > 103)
            throw new UsageException($"Socket (--socket) '{socket}' is no path of 1 to 103 bytes: take a shorter one");
        if (socket is not null && !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(socket))))
            throw new UsageException($"Socket (--socket) '{socket}': its directory is not there; make it, or take another path");
        if (socket is not null)
            SocketFile.GuardPlace(socket, "Socket (--socket)");
        return new GatewayPlan(socket, tcp is null ? null : endpoint) { Access = access ?? HttpAccess.Open };
    }
}

/// <summary>The gateway on a unix socket and on TCP: Kestrel's connections without HTTP.</summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string? _socket;

    private GatewayHost(GatewayServer server, GatewayPlan plan)
    {
        _socket = plan.Socket;
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            void Serve(ListenOptions listen, Func<string?, bool>? admits) => listen.Run(connection => server.RunAsync(
                new GatewayTransport(connection.Transport.Input, connection.Transport.Output, _ => connection.Transport.Output.CompleteAsync().AsTask(), connection.Abort) { Admits = admits },
                connection.ConnectionClosed));
            if (plan.Socket is { } path)
                kestrel.ListenUnixSocket(Path.GetFullPath(path), listen => Serve(listen, null));
            if (plan.Tcp is { } tcp)
                kestrel.Listen(IPAddress.TryParse(tcp.Host, out IPAddress? address) ? address : IPAddress.Loopback, tcp.Port, listen =>
                {
                    if (plan.Access.Certificate is { } certificate)
                        listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(certificate.Options) });
                    Serve(listen, plan.Access.Admits);
                    Bound = () => listen.IPEndPoint;
                });
        });
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddSingleton<ILoggerFactory>(Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance); // what it refuses, the gateway logs itself
        _app = builder.Build();
    }

    private Func<IPEndPoint?> Bound { get; set; } = () => null;

    /// <summary>Where TCP listens, as bound; null without it.</summary>
    public IPEndPoint? Tcp => Bound();

    /// <exception cref="JoinException">The address is in use.</exception>
    public static async Task<GatewayHost> StartAsync(GatewayServer server, GatewayPlan plan, CancellationToken ct)
    {
        if (plan.Socket is { } path)
            await ClearAsync(path, ct).ConfigureAwait(false);
        GatewayHost host = new(server, plan);
        try
        {
            await host._app.StartAsync(ct).ConfigureAwait(false);
            if (plan.Socket is { } socket && !OperatingSystem.IsWindows())
                File.SetUnixFileMode(socket, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
        }
        catch (Exception error) when (error is IOException or SocketException or UnauthorizedAccessException)
        {
            await host.DisposeAsync().ConfigureAwait(false);
            throw new JoinException(JoinStep.Connect, $"the gateway cannot listen: {error.InnerException?.Message ?? error.Message}; name another place with --socket or --tcp", error);
        }
        if (plan.Socket is not null)
            GatewayLog.Serves(server.Node.Log, plan.Socket);
        if (host.Tcp is { } bound)
        {
            GatewayLog.Serves(server.Node.Log, bound.ToString());
            if (!IPAddress.IsLoopback(bound.Address) && !plan.Access.IsProtected)
                GatewayLog.Insecure(server.Node.Log, bound.ToString());
        }
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        using (var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(200)))
            await _app.StopAsync(limit.Token).ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
        if (_socket is not null)
            File.Delete(_socket);
    }

    /// <summary>A socket that a killed daemon left behind is removed; one that somebody answers at is not.</summary>
    private static async Task ClearAsync(string path, CancellationToken ct)
    {
        if (!File.Exists(path))
            return;
        using Socket probe = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await probe.ConnectAsync(new UnixDomainSocketEndPoint(path), ct).ConfigureAwait(false);
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionRefused && new FileInfo(path).Length == 0)
        {
            File.Delete(path);
            return;
        }
        catch (SocketException)
        {
            // It is something else, or not ours to judge.
        }
        throw new JoinException(JoinStep.Connect, $"the gateway cannot listen at {path}: it is in use or no socket; name another --socket");
    }
}
