using System;
using System.IO;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Threading.Tasks;
using GroupComm.Daemon.Gateway;
using GroupComm.Daemon.Tests.Gateway;
using GroupComm.Gateway.Protocol;
using Xunit;

namespace GroupComm.Daemon.Tests.Security;

/// <summary>Laws Q3 and Q7 for clients of the gateway: what one that breaks the rules of time and size may cost.</summary>
public class GatewayLimitsTests
{
    [Fact]
    public async Task A_client_that_says_nothing_is_closed()
    {
        await using Sidecar.Daemon daemon = await Sidecar.Daemon.StartAsync();
        await using GatewayHost host = await GatewayHost.StartAsync(daemon.Gateway, GatewayPlan.Of(null, "127.0.0.1:0", insecure: false)!, Sidecar.Daemon.Ct);
        using Socket tcp = new(SocketType.Stream, ProtocolType.Tcp);
        await tcp.ConnectAsync(host.Tcp!, Sidecar.Daemon.Ct);
        using GatewayClient client = GatewayClient.Raw(new NetworkStream(tcp));
        Assert.Equal("hello-late", (await client.NextAsync<Close>()).Code);
    }

    [Theory]
    [InlineData(4092, "hello")]
    [InlineData(4093, "bad-frame")]
    public async Task The_first_frame_has_at_most_4_KiB_with_its_length(int payload, string outcome)
    {
        await using Sidecar.Daemon daemon = await Sidecar.Daemon.StartAsync();
        using GatewayClient client = GatewayClient.Raw(await GatewayClient.WebSocketAsync(daemon));
        byte[] hello = FrameEncoder.Encode(new Hello(1, 1, "c", 65_536, 0, null, 0));
        int added = payload - (hello.Length - GatewayLimits.Prefix) - 4;
        byte[] frame = [0, 0, (byte)(payload >> 8), (byte)payload, (byte)(hello[4] + 2), .. hello.AsSpan(5), 0xc0, 0xc5, (byte)(added >> 8), (byte)added, .. new byte[added]]; // no token, and an element that a later version may have
        await client.WriteAsync(frame);
        GatewayFrame? answer = await client.NextAsync();
        Assert.Equal(outcome, answer is Close close ? close.Code : answer is Welcome ? "hello" : $"{answer}");
    }

    [Fact]
    public async Task A_client_that_sends_far_beyond_its_window_is_closed()
    {
        await using Sidecar.Daemon daemon = await Sidecar.Daemon.StartAsync();
        // In memory: over a socket, what the daemon says last may be lost with the bytes that it has not read.
        Pipe up = new(), down = new();
        Task connection = daemon.Gateway.RunAsync(new GatewayTransport(up.Reader, down.Writer, _ => down.Writer.CompleteAsync().AsTask(), () => { }), Sidecar.Daemon.Ct);
        using GatewayClient client = new(down.Reader, up.Writer.AsStream(), new MemoryStream());
        await client.SendAsync(new Hello(1, 1, "c", 1 << 20, 0, null, 0));
        Assert.IsType<Welcome>(await client.NextAsync());
        await client.JoinAsync("g", "greedy");
        client.Acknowledges = false; // its member consumes nothing, so that its own sends wait
        Task<Close> closed = client.NextAsync<Close>();
        byte[] payload = new byte[64 << 10];
        for (int i = 0; i < 4096 && !closed.IsCompleted; i++)
            await Task.WhenAny(client.SendAsync(new Send(client.NewRef(), null, DeliveryOrder.Agreed, null, payload, 0)), closed);
        Close close = await closed;
        await up.Writer.CompleteAsync();
        await connection.WaitAsync(Sidecar.Daemon.Limit, Sidecar.Daemon.Ct);
        Assert.Equal(("bad-frame", "more requests wait than the window allows"), (close.Code, close.Detail));
    }
}
