using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Transport.Tcp;
using GroupComm.Transport.Tests.Kit;
using Xunit;

namespace GroupComm.Transport.Tests.Tcp;

/// <summary>What only sockets can show.</summary>
public sealed class TcpTransportTests
{
    [Theory]
    [InlineData("0.0.0.0:0")]
    [InlineData("[::]:0")]
    public async Task Plaintext_off_loopback_is_refused_unless_allowed(string address)
    {
        await using TcpTransport strict = new(new RecordingSink());
        await using TcpTransport lax = new(new RecordingSink(), new TransportOptions { AllowPlaintext = true });

        TransportException error = await Assert.ThrowsAsync<TransportException>(() => strict.ListenAsync(address, CancellationToken.None));
        await lax.ListenAsync(address, CancellationToken.None);

        Assert.Equal(JoinStep.Tls, error.Step);
        Assert.Contains("AllowPlaintext", error.Message, StringComparison.Ordinal);
        Assert.Contains("--insecure-peers", error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(lax.BoundAddress);
    }

    [Fact]
    public async Task A_plaintext_dial_off_loopback_is_refused_before_any_packet()
    {
        await using TcpTransport strict = new(new RecordingSink());

        TransportException error = await Assert.ThrowsAsync<TransportException>(() => strict.DialAsync("192.0.2.1:7400", CancellationToken.None));

        Assert.False(error.Refused);
        Assert.Contains("AllowPlaintext", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_of_another_machine_cannot_be_bound()
    {
        await using TcpTransport transport = new(new RecordingSink(), new TransportOptions { AllowPlaintext = true });

        TransportException error = await Assert.ThrowsAsync<TransportException>(() => transport.ListenAsync("192.0.2.1:0", CancellationToken.None));

        Assert.Contains("does not have that address", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task IPv6_loopback_works()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "this machine has no IPv6");
        RecordingSink sink = new();
        await using TcpTransport listener = new(sink);
        await using TcpTransport dialler = new(new RecordingSink());
        await listener.ListenAsync("[::1]:0", CancellationToken.None);

        IFrameLink link = await dialler.DialAsync(listener.BoundAddress, CancellationToken.None);

        Assert.StartsWith("[::1]:", listener.BoundAddress, StringComparison.Ordinal);
        Assert.Equal(link.LocalAddress, (await sink.NextAsync()).Link.RemoteAddress);
    }

    [Fact]
    public async Task Localhost_listens_on_both_families_and_a_dial_finds_either()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "this machine has no IPv6");
        await using TcpTransport both = new(new RecordingSink());
        await using TcpTransport six = new(new RecordingSink());
        await using TcpTransport dialler = new(new RecordingSink());
        await both.ListenAsync("localhost:0", CancellationToken.None);
        await six.ListenAsync("[::1]:0", CancellationToken.None);

        await dialler.DialAsync($"127.0.0.1:{Port(both)}", CancellationToken.None);
        await dialler.DialAsync($"[::1]:{Port(both)}", CancellationToken.None);
        await dialler.DialAsync($"localhost:{Port(six)}", CancellationToken.None);
    }

    [Fact]
    public async Task All_addresses_take_IPv4_over_the_dual_socket_and_name_it_as_IPv4()
    {
        RecordingSink sink = new();
        await using TcpTransport listener = new(sink, new TransportOptions { AllowPlaintext = true });
        await using TcpTransport dialler = new(new RecordingSink());
        await listener.ListenAsync("[::]:0", CancellationToken.None);

        await dialler.DialAsync($"127.0.0.1:{Port(listener)}", CancellationToken.None);

        Assert.StartsWith("127.0.0.1:", (await sink.NextAsync()).Link.RemoteAddress, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_that_come_one_by_one_make_the_same_frames()
    {
        RecordingSink sink = new();
        await using TcpTransport listener = new(sink);
        await listener.ListenAsync("127.0.0.1:0", CancellationToken.None);
        using Socket raw = await RawAsync(listener);
        LinkRecord record = await sink.NextAsync();

        foreach (byte one in new byte[] { 3, 0, 0, 0, 7, 8, 9, 1, 0, 0, 0, 5 })
            await raw.SendAsync(new[] { one });

        await record.FramesAsync(2);
        Assert.Equal([[7, 8, 9], [5]], record.Frames);
    }

    [Fact]
    public async Task A_broken_connection_is_a_reset()
    {
        RecordingSink sink = new();
        await using TcpTransport listener = new(sink);
        await listener.ListenAsync("127.0.0.1:0", CancellationToken.None);
        using Socket raw = await RawAsync(listener);
        LinkRecord record = await sink.NextAsync();

        raw.LingerState = new LingerOption(true, 0);
        raw.Close();

        Assert.Equal(CloseKind.Reset, (await record.Closed).Kind);
    }

    [Fact]
    public async Task A_cancelled_dial_is_a_cancellation()
    {
        await using TcpTransport transport = new(new RecordingSink());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => transport.DialAsync("127.0.0.1:1", new CancellationToken(true)));
    }

    [Fact]
    public async Task Frames_pass_through_an_upgrade_and_it_lifts_the_plaintext_rule()
    {
        RecordingSink sink = new();
        await using TcpTransport listener = new(sink, upgrade: new Veil());
        await using TcpTransport dialler = new(new RecordingSink(), upgrade: new Veil());
        await listener.ListenAsync("0.0.0.0:0", CancellationToken.None);
        IFrameLink link = await dialler.DialAsync($"127.0.0.1:{Port(listener)}", CancellationToken.None);
        byte[] frame = [.. Enumerable.Range(0, 300_000).Select(i => (byte)i)];

        link.Write(frame);
        link.Close(new CloseReason(CloseKind.Local, ""));

        LinkRecord record = await sink.NextAsync();
        Assert.Equal(CloseKind.Remote, (await record.Closed).Kind);
        Assert.Equal(frame, Assert.Single(record.Frames));
    }

    [Fact]
    public async Task A_failed_upgrade_ends_the_connection_before_the_sink_hears_of_it()
    {
        RecordingSink sink = new();
        await using TcpTransport listener = new(sink, upgrade: new Veil { Fails = true });
        await using TcpTransport dialler = new(new RecordingSink(), upgrade: new Veil { Fails = true });
        await listener.ListenAsync("127.0.0.1:0", CancellationToken.None);

        TransportException error = await Assert.ThrowsAsync<TransportException>(() => dialler.DialAsync(listener.BoundAddress, CancellationToken.None));
        await Soon.UntilAsync(() => listener.Counters.Closed(CloseKind.Tls) == 1);

        Assert.Equal(JoinStep.Tls, error.Step);
        Assert.Equal((0, 0), (listener.Pending, sink.Records.Count));
    }

    [Fact]
    public async Task The_handshake_deadline_covers_the_upgrade()
    {
        ManualTime time = new();
        Veil silent = new() { Waits = true };
        await using TcpTransport listener = new(new RecordingSink(), time: time, upgrade: silent);
        await listener.ListenAsync("127.0.0.1:0", CancellationToken.None);
        using Socket raw = await RawAsync(listener);
        await silent.Began.Task.WaitAsync(Soon.Limit);

        time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(0, await raw.ReceiveAsync(new byte[1]).WaitAsync(Soon.Limit));
    }

    [Fact]
    public async Task One_address_cannot_take_all_places_of_pending_connections()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only there all of 127.0.0.0/8 is this machine");
        RecordingSink sink = new() { PromoteTo = 0 };
        await using TcpTransport listener = new(sink, new TransportOptions { MaxPending = 4, MaxPendingOfOne = 3 });
        await listener.ListenAsync("127.0.0.1:0", CancellationToken.None);
        List<Socket> greedy = [];
        for (int i = 0; i < 20; i++)
            greedy.Add(await RawAsync(listener));
        await Soon.UntilAsync(() => listener.Counters.Closed(CloseKind.TooManyPending) == 17);

        using Socket other = await RawAsync(listener, "127.0.0.2");
        await Soon.UntilAsync(() => listener.Pending == 4);
        Assert.Equal(17, listener.Counters.Closed(CloseKind.TooManyPending));
        greedy.ForEach(socket => socket.Dispose());
        await Soon.UntilAsync(() => listener.Pending == 1);
    }

    private static int Port(TcpTransport transport) =>
        int.Parse(transport.BoundAddress[(transport.BoundAddress.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture);

    private static async Task<Socket> RawAsync(TcpTransport listener, string from = "127.0.0.1")
    {
        Socket raw = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        raw.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        await raw.ConnectAsync(new IPEndPoint(IPAddress.Loopback, Port(listener)));
        return raw;
    }
}
