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
    public static async Task AnswerAsync(HttpContext context, GatewayServer gateway, Func<string?, bool>? admits)
    {
        if (!context.WebSockets.IsWebSocketRequest)
            throw new Problem(426, "websocket-needed", "this path speaks the gateway protocol in a WebSocket", "connect with a client of the gateway, or use the other paths");
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync().ConfigureAwait(false);
        Stream stream = WebSocketStream.Create(socket, WebSocketMessageType.Binary, ownsWebSocket: false);
        await using (stream.ConfigureAwait(false))
        {
            await gateway.RunAsync(
                new GatewayTransport(
                    PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true)), PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true)),
                    ct => socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, ct), context.Abort) { Admits = admits },
                context.RequestAborted).ConfigureAwait(false);
        }
    }
}
