using System;
using System.IO;
using System.IO.Pipelines;
using System.Net.WebSockets;
using System.Threading.Tasks;
using GroupComm.Daemon.Sidecar;
using Microsoft.AspNetCore.Http;

namespace GroupComm.Daemon.Gateway;

/// <summary>The gateway in a WebSocket: the bytes of its binary messages are the stream of frames.</summary>
internal static class GatewaySocket
{
    public static async Task AnswerAsync(HttpContext context, GatewayServer gateway)
    {
        if (!context.WebSockets.IsWebSocketRequest)
            throw new Problem(426, "websocket-needed", "this path speaks the gateway protocol in a WebSocket", "connect with a client of the gateway, or use the other paths");
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync().ConfigureAwait(false);
        Stream stream = WebSocketStream.Create(socket, WebSocketMessageType.Binary, TimeSpan.FromSeconds(1));
        await using (stream.ConfigureAwait(false))
            await gateway.RunAsync(new StreamPipe(stream), context.Abort, context.RequestAborted).ConfigureAwait(false);
    }

    private sealed class StreamPipe(Stream stream) : IDuplexPipe
    {
        public PipeReader Input { get; } = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));

        public PipeWriter Output { get; } = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
    }
}
