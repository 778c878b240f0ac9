using System;
using System.Globalization;
using System.IO;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Client.Sessions;

/// <summary>Where a daemon is: <c>unix:PATH</c>, <c>tcp:HOST:PORT</c>, <c>ws://HOST:PORT/v1/gateway</c>.</summary>
internal abstract record Endpoint(string Text)
{
    public static Endpoint Parse(string? text)
    {
        if (text is not null && text.StartsWith("unix:", StringComparison.Ordinal) && text.Length > 5)
            return ParseUnix(text);
        if (text is not null && text.StartsWith("tcp:", StringComparison.Ordinal) && text.LastIndexOf(':') is var colon && colon > 4
            && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) && port > 0)
            return new Tcp(text, text[4..colon].Trim('[', ']'), port);
        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme is "ws" or "wss")
            return new WebSocketAddress(text!, uri);
        throw new ArgumentException($"'{text}' is no endpoint of a daemon: write unix:PATH, tcp:HOST:PORT or ws://HOST:PORT/v1/gateway");
    }

    public abstract Task<Stream> OpenAsync(CancellationToken ct);

    public sealed override string ToString() => Text;

    private static UnixSocket ParseUnix(string text)
    {
        try
        {
            return new UnixSocket(text, new UnixDomainSocketEndPoint(text[5..]));
        }
        catch (ArgumentException)
        {
            throw new ArgumentException($"the path in '{text}' is too long for a unix socket: about 100 bytes at most");
        }
    }

    private static async Task<Stream> OpenAsync(Socket socket, Func<Socket, ValueTask> connect)
    {
        try
        {
            await connect(socket).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private sealed record UnixSocket(string Text, UnixDomainSocketEndPoint Address) : Endpoint(Text)
    {
        public override Task<Stream> OpenAsync(CancellationToken ct) => OpenAsync(
            new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified), socket => socket.ConnectAsync(Address, ct));
    }

    private sealed record Tcp(string Text, string Host, int Port) : Endpoint(Text)
    {
        public override Task<Stream> OpenAsync(CancellationToken ct) =>
            OpenAsync(new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }, socket => socket.ConnectAsync(Host, Port, ct));
    }

    private sealed record WebSocketAddress(string Text, Uri Uri) : Endpoint(Text)
    {
        private static readonly TimeSpan s_closing = TimeSpan.FromSeconds(1);

        public override async Task<Stream> OpenAsync(CancellationToken ct)
        {
            ClientWebSocket socket = new();
            try
            {
                socket.Options.Proxy = null;
                await socket.ConnectAsync(Uri, ct).ConfigureAwait(false);
                return WebSocketStream.Create(socket, WebSocketMessageType.Binary, s_closing);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }
}
