using System;
using System.Linq;
using System.Threading.Tasks;
using GroupComm.Transport.Tests.Kit;
using Xunit;

namespace GroupComm.Transport.Tests.Contract;

public abstract partial class TransportContract
{
    [Fact]
    public async Task A_graceful_close_sends_what_was_written_even_without_flush()
    {
        (LinkRecord dialled, LinkRecord accepted) = await ConnectAsync(Make(), await MakeListeningAsync());
        byte[] large = Pattern(3 << 20);

        dialled.Link.Write(large);
        dialled.Link.Close(new CloseReason(CloseKind.Local, "goodbye"));
        dialled.Link.Write([1]);
        dialled.Link.Flush();

        Assert.Equal(new CloseReason(CloseKind.Remote, ""), await accepted.Closed);
        Assert.True(Assert.Single(accepted.Frames).AsSpan().SequenceEqual(large));
        Assert.Equal(new CloseReason(CloseKind.Local, "goodbye"), await dialled.Closed);
    }

    [Fact]
    public async Task A_graceful_close_loses_nothing_although_the_peer_is_sending()
    {
        TransportUnderTest to = await MakeListeningAsync(new RecordingSink { Opened = link => { link.Write(new byte[500_000]); link.Flush(); } });
        TransportUnderTest from = Make(new RecordingSink
        {
            Opened = link =>
            {
                link.Write([1, 2, 3]);
                link.Close(new CloseReason(CloseKind.Local, "wrong cluster"));
            },
        });

        (_, LinkRecord accepted) = await ConnectAsync(from, to);

        await accepted.Closed;
        Assert.Equal([1, 2, 3], Assert.Single(accepted.Frames));
    }

    [Fact]
    public async Task A_frame_that_stops_in_the_middle_is_not_passed_on()
    {
        (LinkRecord dialled, LinkRecord accepted) = await ConnectAsync(Make(), await MakeListeningAsync());

        dialled.Link.WriteRaw([10, 0, 0, 0, 1, 2, 3]);
        dialled.Link.Close(new CloseReason(CloseKind.Local, ""));

        CloseReason reason = await accepted.Closed;
        Assert.Equal(CloseKind.Remote, reason.Kind);
        Assert.Contains("middle of a frame", reason.Detail, StringComparison.Ordinal);
        Assert.Empty(accepted.Frames);
    }

    [Fact]
    public async Task The_first_close_reason_wins_and_is_told_once()
    {
        TransportUnderTest from = Make();
        for (int round = 0; round < 20; round++)
        {
            (LinkRecord dialled, LinkRecord accepted) = await ConnectAsync(from, await MakeListeningAsync());

            dialled.Link.Close(new CloseReason(CloseKind.Superseded, "first"));
            await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() => dialled.Link.Close(new CloseReason(CloseKind.Malformed, $"{i}")))));
            accepted.Link.Close(new CloseReason(CloseKind.Local, "other side"));

            Assert.Equal(new CloseReason(CloseKind.Superseded, "first"), await dialled.Closed);
            await accepted.Closed;
        }

        await Soon.UntilAsync(() => from.Counters.Closed(CloseKind.Superseded) == 20);
        Assert.Equal((20, 0), (from.Counters.Opened, from.Counters.Closed(CloseKind.Malformed)));
    }

    [Fact]
    public async Task No_frame_is_passed_on_after_a_close_inside_a_frame()
    {
        TransportUnderTest to = await MakeListeningAsync(new RecordingSink { Frame = (link, _) => link.Close(new CloseReason(CloseKind.Malformed, "unknown type")) });
        (LinkRecord dialled, LinkRecord accepted) = await ConnectAsync(Make(), to);

        dialled.Link.Write([1]);
        dialled.Link.Write([2]);
        dialled.Link.Flush();

        Assert.Equal(CloseKind.Malformed, (await accepted.Closed).Kind);
        Assert.Equal([1], Assert.Single(accepted.Frames));
        Assert.Equal(0, accepted.Batches);
    }

    [Fact]
    public async Task A_sink_that_throws_loses_its_link_and_nothing_else()
    {
        TransportUnderTest from = Make();
        TransportUnderTest to = await MakeListeningAsync(new RecordingSink
        {
            Frame = (_, frame) =>
            {
                if (frame[0] == 13)
                    throw new InvalidOperationException("a bug");
            },
        });
        (LinkRecord bad, LinkRecord badAccepted) = await ConnectAsync(from, to);
        (LinkRecord good, LinkRecord goodAccepted) = await ConnectAsync(from, to);

        Send(bad, 13);
        Assert.Contains("a bug", (await badAccepted.Closed).Detail, StringComparison.Ordinal);
        Send(good, 1);
        await goodAccepted.FramesAsync(1);
    }

    [Fact]
    public async Task Disposing_closes_every_link_and_returns_after_the_last_OnClosed()
    {
        TransportUnderTest from = Make(), to = await MakeListeningAsync();
        (LinkRecord one, _) = await ConnectAsync(from, to);
        (LinkRecord two, LinkRecord twoAccepted) = await ConnectAsync(from, to);
        two.Link.Write([9]);

        await from.DisposeAsync().AsTask().WaitAsync(Soon.Limit);

        Assert.Equal((1, 1), (one.Closes, two.Closes));
        Assert.Equal(CloseKind.Shutdown, (await one.Closed).Kind);
        Assert.Equal(CloseKind.Remote, (await twoAccepted.Closed).Kind);
        Assert.Equal([9], Assert.Single(twoAccepted.Frames));
    }
}
