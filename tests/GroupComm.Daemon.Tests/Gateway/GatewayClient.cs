using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.IO.Pipelines;
using System.Net.WebSockets;
using System.Text;
using System.Threading.Tasks;
using GroupComm.Daemon.Tests.Sidecar;
using GroupComm.Gateway.Protocol;
using Xunit;

namespace GroupComm.Daemon.Tests.Gateway;

/// <summary>A client that does nothing by itself: tests send each frame and look at each that comes.</summary>
internal sealed class GatewayClient(PipeReader input, Stream output, IDisposable connection) : IDisposable
{
    private readonly FrameDecoder _decoder = new(1 << 20);
    private readonly List<GatewayFrame> _waiting = [];
    private long _lastRef;

    public long Received { get; private set; }

    public Welcome Welcome { get; private set; } = null!;

    /// <summary>Acknowledges each event at once, unless told not to.</summary>
    public bool Acknowledges { get; set; } = true;

    public static async Task<GatewayClient> ConnectAsync(Stream stream, byte[]? session = null, long received = 0, int window = 1 << 20, int grace = 10_000)
    {
        GatewayClient client = Raw(stream);
        await client.SendAsync(new Hello(1, 1, "test", window, grace, session, received));
        client.Welcome = Assert.IsType<Welcome>(await client.NextAsync());
        if (client.Welcome.Resumed)
            client.Received = received;
        return client;
    }

    public static GatewayClient Raw(Stream stream) => new(PipeReader.Create(stream), stream, stream);

    public static async Task<Stream> WebSocketAsync(Sidecar.Daemon daemon, string? token = null)
    {
        ClientWebSocket socket = new();
        if (token is not null)
            socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{daemon.Port}/v1/gateway"), Sidecar.Daemon.Ct);
        return WebSocketStream.Create(socket, WebSocketMessageType.Binary, ownsWebSocket: true);
    }

    public Task SendAsync(GatewayFrame frame) => WriteAsync(FrameEncoder.Encode(frame));

    public async Task WriteAsync(byte[] bytes)
    {
        await output.WriteAsync(bytes, Sidecar.Daemon.Ct);
        await output.FlushAsync(Sidecar.Daemon.Ct);
    }

    /// <summary>The next frame but acknowledgements and pings; null at the end.</summary>
    public async Task<GatewayFrame?> NextAsync()
    {
        while (true)
        {
            ReadResult read = await input.ReadAsync(Sidecar.Daemon.Ct).AsTask().WaitAsync(Sidecar.Daemon.Limit, Sidecar.Daemon.Ct);
            if (read.Buffer.Length >= 4)
            {
                byte[] prefix = read.Buffer.Slice(0, 4).ToArray();
                int length = BinaryPrimitives.ReadInt32BigEndian(prefix);
                if (read.Buffer.Length >= 4 + length)
                {
                    ReadOnlySequence<byte> payload = read.Buffer.Slice(4, length);
                    GatewayFrame frame = _decoder.Decode(payload)!;
                    input.AdvanceTo(payload.End);
                    if (frame.IsCounted)
                    {
                        Received++;
                        if (Acknowledges)
                            await AcknowledgeAsync();
                    }
                    if (frame.Kind is not (FrameKind.Ack or FrameKind.Ping))
                        return frame;
                    continue;
                }
            }
            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted)
                return null;
        }
    }

    private async Task AcknowledgeAsync()
    {
        try
        {
            await SendAsync(new Numbered(FrameKind.Ack, Received));
        }
        catch (Exception error) when (error is IOException or WebSocketException)
        {
            // The daemon has closed: what it said last is still to be read.
        }
    }

    /// <summary>The next of that type; others are kept for later calls.</summary>
    public async Task<T> NextAsync<T>(Func<T, bool>? wanted = null) where T : GatewayFrame
    {
        for (int i = 0; i < _waiting.Count; i++)
            if (_waiting[i] is T kept && wanted?.Invoke(kept) != false)
            {
                _waiting.RemoveAt(i);
                return kept;
            }
        while (true)
        {
            GatewayFrame frame = await NextAsync() ?? throw new EndOfStreamException($"the connection ended before a {typeof(T).Name}");
            if (frame is T found && wanted?.Invoke(found) != false)
                return found;
            _waiting.Add(frame);
        }
    }

    public Task<Numbered> NextAsync(FrameKind kind, long number) => NextAsync<Numbered>(frame => frame.Kind == kind && frame.Number == number);

    public Task<Numbered> NextAsync(FrameKind kind) => NextAsync<Numbered>(frame => frame.Kind == kind);

    public async Task<ViewFrame> JoinAsync(string group, string member, JoinOptions? options = null)
    {
        long number = ++_lastRef;
        await SendAsync(new Join(number, group, member, options ?? new JoinOptions()));
        await NextAsync(FrameKind.Reached, number);
        return await NextAsync<ViewFrame>();
    }

    public async Task<long> SendTextAsync(string text, DeliveryOrder order = DeliveryOrder.Agreed, SendFlags flags = SendFlags.TellDelivered, string? group = null)
    {
        await SendAsync(new Send(++_lastRef, group, order, null, Encoding.UTF8.GetBytes(text), flags));
        return _lastRef;
    }

    public async Task<string> NextTextAsync() => Encoding.UTF8.GetString((await NextAsync<MessageFrame>()).Payload.Span);

    public long NewRef() => ++_lastRef;

    public void Dispose() => connection.Dispose();
}
