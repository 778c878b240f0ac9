using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Client.Frames;
using MessagePack;
using Xunit;

namespace GroupComm.Client.Tests;

/// <summary>A daemon that does what a test says, frame by frame.</summary>
internal sealed class FakeDaemon : IDisposable
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private NetworkStream _stream = null!;

    public FakeDaemon() => _listener.Start();

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public GroupCommClientOptions Options => new() { Endpoints = { $"tcp:{_listener.LocalEndpoint}" } };

    /// <summary>The next connection; its <c>HELLO</c>.</summary>
    public async Task<object?[]> AcceptAsync()
    {
        TcpClient client = await _listener.AcceptTcpClientAsync(Ct).AsTask().WaitAsync(Limit, Ct);
        client.NoDelay = true;
        _stream = client.GetStream();
        object?[] hello = await ReadAsync();
        Assert.Equal(FrameKind.Hello, Kind(hello));
        return hello;
    }

    public Task WelcomeAsync(bool resumed = false, long received = 0, long window = 1 << 20, int session = 1) =>
        SayAsync(FrameKind.Welcome, 1, new byte[] { (byte)session, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, resumed, received, window, 1 << 20, "n1#1", "test", true);

    /// <summary>A client that is in a group of its own, joined.</summary>
    public async Task<(GroupCommClient Client, IGroup Group)> JoinedAsync(Action<IGroupBuilder>? configure = null, long window = 1 << 20, GroupCommClientOptions? options = null)
    {
        Task<GroupCommClient> connecting = GroupCommClient.ConnectAsync(options ?? Options, Ct);
        await AcceptAsync();
        await WelcomeAsync(window: window);
        GroupCommClient client = await connecting.WaitAsync(Limit, Ct);
        Task<IGroup> joining = client.JoinAsync("g", configure ?? (_ => { }), Ct);
        object?[] join = await NextAsync(FrameKind.Join);
        await ViewAsync("n1#1/m");
        await SayAsync(FrameKind.Reached, join[1]);
        await AcknowledgedAsync(2);
        return (client, await joining.WaitAsync(Limit, Ct));
    }

    public Task ViewAsync(string self, int number = 1, params string[] others) => SayAsync(
        FrameKind.View, "g", $"1.{number}", self, (object)(string[])[.. others, self], (object)(string[])[self], (object)Array.Empty<string>(), "join", $"{number:x32}");

    public Task MessageAsync(int number, string text, string? type = null) =>
        SayAsync(FrameKind.Message, $"n2#1:1:{number}", "n2#1/other", 3, number, type, System.Text.Encoding.UTF8.GetBytes(text));

    public async Task SayAsync(FrameKind kind, params object?[] fields)
    {
        ArrayBufferWriter<byte> bytes = new();
        MessagePackWriter writer = new(bytes);
        writer.WriteArrayHeader(fields.Length + 1);
        writer.Write((int)kind);
        foreach (object? field in fields)
            MessagePackSerializer.Serialize(field?.GetType() ?? typeof(object), ref writer, field);
        writer.Flush();
        byte[] frame = new byte[4 + bytes.WrittenCount];
        BinaryPrimitives.WriteInt32BigEndian(frame, bytes.WrittenCount);
        bytes.WrittenSpan.CopyTo(frame.AsSpan(4));
        await _stream.WriteAsync(frame, Ct);
    }

    /// <summary>The next frame of the client.</summary>
    public async Task<object?[]> ReadAsync()
    {
        byte[] prefix = new byte[4];
        await _stream.ReadExactlyAsync(prefix, Ct).AsTask().WaitAsync(Limit, Ct);
        byte[] payload = new byte[BinaryPrimitives.ReadInt32BigEndian(prefix)];
        await _stream.ReadExactlyAsync(payload, Ct).AsTask().WaitAsync(Limit, Ct);
        return MessagePackSerializer.Deserialize<object?[]>(payload, cancellationToken: Ct);
    }

    /// <summary>The next one that is no acknowledgement and no ping, which must be of that kind.</summary>
    public async Task<object?[]> NextAsync(FrameKind kind)
    {
        while (true)
        {
            object?[] frame = await ReadAsync();
            if (Kind(frame) is FrameKind.Ack or FrameKind.Ping)
                continue;
            Assert.Equal(kind, Kind(frame));
            return frame;
        }
    }

    /// <summary>Reads until the client has acknowledged so many; what else came.</summary>
    public async Task<List<object?[]>> AcknowledgedAsync(long count)
    {
        List<object?[]> others = [];
        while (true)
        {
            object?[] frame = await ReadAsync();
            if (Kind(frame) != FrameKind.Ack)
                others.Add(frame);
            else if (Number(frame[1]) >= count)
            {
                Assert.Equal(count, Number(frame[1]));
                return others;
            }
        }
    }

    /// <summary>The client answers a ping, and has acknowledged nothing before.</summary>
    public async Task NothingIsAcknowledgedAsync()
    {
        await SayAsync(FrameKind.Ping, 77);
        object?[] frame = await ReadAsync();
        while (Kind(frame) == FrameKind.Ping)
            frame = await ReadAsync();
        Assert.Equal(FrameKind.Pong, Kind(frame));
    }

    /// <summary>Lets the client leave and close.</summary>
    public async Task EndAsync(GroupCommClient client)
    {
        Task ends = client.DisposeAsync().AsTask();
        for (object?[] frame = await ReadAsync(); Kind(frame) != FrameKind.Close; frame = await ReadAsync())
        {
            if (Kind(frame) != FrameKind.Leave)
                continue;
            await SayAsync(FrameKind.Left, "the member has left");
            await SayAsync(FrameKind.Reached, frame[1]);
        }
        await _stream.DisposeAsync();
        await ends.WaitAsync(Limit, Ct);
    }

    public void Cut() => _stream.Socket.Close(0);

    public void Dispose()
    {
        _stream?.Dispose();
        _listener.Dispose();
    }

    public static FrameKind Kind(object?[] frame) => (FrameKind)Number(frame[0]);

    public static long Number(object? value) => Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture);

    public static string Text(object? bytes) => System.Text.Encoding.UTF8.GetString((byte[])bytes!);
}
