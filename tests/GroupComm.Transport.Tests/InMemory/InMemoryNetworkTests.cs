using System;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Runtime.InMemory;
using GroupComm.Transport.Tests.Kit;
using Xunit;

namespace GroupComm.Transport.Tests.InMemory;

/// <summary>What a test can do to an in-memory network.</summary>
public sealed class InMemoryNetworkTests : IAsyncDisposable
{
    private readonly InMemoryNetwork _network = new();
    private readonly RecordingSink _sinkA = new();
    private readonly RecordingSink _sinkB = new();
    private readonly InMemoryTransport _a;
    private readonly InMemoryTransport _b;

    public InMemoryNetworkTests() => (_a, _b) = (new InMemoryTransport(_network, _sinkA), new InMemoryTransport(_network, _sinkB));

    [Fact]
    public async Task A_cut_holds_frames_back_and_healing_delivers_them_in_order()
    {
        (LinkRecord a, LinkRecord b) = await ConnectAsync();
        Send(a, 1);
        await b.FramesAsync(1);

        _network.Cut(_a.BoundAddress, _b.BoundAddress);
        Send(a, 2);
        Send(b, 3);
        a.Link.Close(new CloseReason(CloseKind.Local, ""));
        await a.Closed;
        Assert.Equal((1, 0), (b.Frames.Length, b.Closes));

        _network.Heal(_b.BoundAddress, _a.BoundAddress);
        Assert.Equal(CloseKind.Remote, (await b.Closed).Kind);
        Assert.Equal([[1], [2]], b.Frames);
    }

    [Fact]
    public async Task A_cut_one_way_lets_the_other_way_through()
    {
        (LinkRecord a, LinkRecord b) = await ConnectAsync();
        _network.CutOneWay(_a.BoundAddress, _b.BoundAddress);

        Send(a, 1);
        Send(b, 2);
        await a.FramesAsync(1);
        Assert.Empty(b.Frames);

        _network.HealAll();
        await b.FramesAsync(1);
    }

    [Fact]
    public async Task A_dial_across_a_cut_fails_without_being_refused()
    {
        await ConnectAsync();
        _network.Cut(_a.BoundAddress, _b.BoundAddress);

        TransportException error = await Assert.ThrowsAsync<TransportException>(() => _a.DialAsync(_b.BoundAddress, CancellationToken.None));
        Assert.False(error.Refused);

        _network.HealAll();
        await _a.DialAsync(_b.BoundAddress, CancellationToken.None);
    }

    [Fact]
    public async Task A_killed_link_is_reset_at_both_ends_even_across_a_cut()
    {
        (LinkRecord a, LinkRecord b) = await ConnectAsync();
        _network.Cut(_a.BoundAddress, _b.BoundAddress);

        _network.Kill(_b.BoundAddress, _a.BoundAddress);

        Assert.Equal(CloseKind.Reset, (await a.Closed).Kind);
        Assert.Equal(CloseKind.Reset, (await b.Closed).Kind);
    }

    [Fact]
    public async Task Networks_do_not_see_each_other()
    {
        await ConnectAsync();
        await using InMemoryTransport stranger = new(new InMemoryNetwork(), new RecordingSink());

        TransportException error = await Assert.ThrowsAsync<TransportException>(() => stranger.DialAsync(_b.BoundAddress, CancellationToken.None));

        Assert.True(error.Refused);
    }

    public async ValueTask DisposeAsync()
    {
        _network.HealAll();
        await _a.DisposeAsync();
        await _b.DisposeAsync();
    }

    private static void Send(LinkRecord from, params byte[] frame)
    {
        from.Link.Write(frame);
        from.Link.Flush();
    }

    private async Task<(LinkRecord A, LinkRecord B)> ConnectAsync()
    {
        await _a.ListenAsync("127.0.0.1:0", CancellationToken.None);
        await _b.ListenAsync("127.0.0.1:0", CancellationToken.None);
        IFrameLink link = await _a.DialAsync(_b.BoundAddress, CancellationToken.None);
        return (_sinkA[link], await _sinkB.NextAsync());
    }
}
