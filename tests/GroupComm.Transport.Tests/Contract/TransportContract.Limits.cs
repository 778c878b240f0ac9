using System;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Transport.Tests.Kit;
using Xunit;

namespace GroupComm.Transport.Tests.Contract;

public abstract partial class TransportContract
{
    [Fact]
    public async Task An_oversized_frame_closes_only_its_link()
    {
        TransportUnderTest from = Make(), to = await MakeListeningAsync(new RecordingSink { PromoteTo = 100 });
        (LinkRecord bad, LinkRecord badAccepted) = await ConnectAsync(from, to);
        (LinkRecord good, LinkRecord goodAccepted) = await ConnectAsync(from, to);

        Send(bad, new byte[101]);
        CloseReason reason = await badAccepted.Closed;
        Send(good, new byte[100]);
        await goodAccepted.FramesAsync(1);

        Assert.Equal(CloseKind.Oversized, reason.Kind);
        Assert.Contains("101", reason.Detail, StringComparison.Ordinal);
        Assert.Empty(badAccepted.Frames);
        Assert.Equal(0, goodAccepted.Closes);
        await Soon.UntilAsync(() => to.Counters.Closed(CloseKind.Oversized) == 1);
    }

    [Fact]
    public async Task A_length_of_four_gigabytes_is_refused_before_anything_is_kept_for_it()
    {
        TransportUnderTest to = await MakeListeningAsync(new RecordingSink { PromoteTo = int.MaxValue });
        (LinkRecord dialled, LinkRecord accepted) = await ConnectAsync(Make(), to);

        dialled.Link.WriteRaw([255, 255, 255, 255]);
        dialled.Link.Flush();

        Assert.Equal(CloseKind.Oversized, (await accepted.Closed).Kind);
    }

    [Theory]
    [InlineData(4096, true)]
    [InlineData(4097, false)]
    public async Task A_handshake_frame_has_at_most_4_KiB(int length, bool allowed)
    {
        TransportUnderTest to = await MakeListeningAsync(new RecordingSink { PromoteTo = 0 });
        (LinkRecord dialled, LinkRecord accepted) = await ConnectAsync(Make(), to);

        Send(dialled, new byte[length]);

        if (allowed)
            await accepted.FramesAsync(1);
        else
            Assert.Equal(CloseKind.Oversized, (await accepted.Closed).Kind);
    }

    [Fact]
    public async Task A_link_promoted_inside_its_handshake_frame_takes_a_large_frame_right_after()
    {
        TransportUnderTest to = await MakeListeningAsync(new RecordingSink { PromoteTo = 0, Frame = (link, _) => link.Promote(1 << 20) });
        (LinkRecord dialled, LinkRecord accepted) = await ConnectAsync(Make(), to);

        dialled.Link.Write([1]);
        dialled.Link.Write(new byte[1 << 20]);
        dialled.Link.Flush();

        await accepted.FramesAsync(2);
    }

    [Fact]
    public async Task A_link_without_handshake_ends_at_the_deadline_and_a_promoted_one_stays()
    {
        ManualTime time = new();
        TransportUnderTest from = Make(), to = await MakeListeningAsync(new RecordingSink { PromoteTo = 0 }, time: time);
        (_, LinkRecord silent) = await ConnectAsync(from, to);
        (_, LinkRecord polite) = await ConnectAsync(from, to);
        polite.Link.Promote(1000);

        time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Equal((0, 1), (silent.Closes, to.Pending()));
        time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal(CloseKind.HandshakeTimeout, (await silent.Closed).Kind);
        Assert.Equal((0, 0), (polite.Closes, to.Pending()));
    }

    [Fact]
    public async Task A_dialled_link_has_the_same_deadline()
    {
        ManualTime time = new();
        TransportUnderTest from = Make(new RecordingSink { PromoteTo = 0 }, time: time);
        (LinkRecord dialled, LinkRecord accepted) = await ConnectAsync(from, await MakeListeningAsync());

        time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(CloseKind.HandshakeTimeout, (await dialled.Closed).Kind);
        Assert.True((await accepted.Closed).Kind is CloseKind.Remote or CloseKind.Reset);
    }

    [Fact]
    public async Task Too_many_pending_links_are_refused_until_one_has_shaken_hands()
    {
        TransportUnderTest from = Make(), to = await MakeListeningAsync(new RecordingSink { PromoteTo = 0 }, new TransportOptions { MaxPending = 2 });
        (_, LinkRecord first) = await ConnectAsync(from, to);
        (LinkRecord second, LinkRecord secondAccepted) = await ConnectAsync(from, to);

        try
        {
            LinkRecord refused = from.Sink[await from.DialAsync(to.Address)];
            Assert.True((await refused.Closed).Kind is CloseKind.Remote or CloseKind.Reset);
        }
        catch (TransportException error)
        {
            Assert.Equal(JoinStep.Connect, error.Step); // over TLS the refusal comes before there is a link
        }
        await Soon.UntilAsync(() => to.Counters.Closed(CloseKind.TooManyPending) == 1);
        Assert.Equal(2, to.Counters.Opened);

        first.Link.Promote(1000);
        second.Link.Close(new CloseReason(CloseKind.Local, "makes room too"));
        await secondAccepted.Closed;
        await Soon.UntilAsync(() => to.Pending() == 0);
        await ConnectAsync(from, to);
        await ConnectAsync(from, to);
        Assert.Equal(1, to.Counters.Closed(CloseKind.TooManyPending));
    }

    [Fact]
    public async Task A_peer_that_does_not_read_costs_a_bounded_buffer_and_then_its_link()
    {
        using ManualResetEventSlim reads = new();
        TransportUnderTest from = Make(options: new TransportOptions { SendBufferLimit = 1 << 20 });
        TransportUnderTest to = await MakeListeningAsync(new RecordingSink { Frame = (_, _) => reads.Wait() });
        (LinkRecord dialled, _) = await ConnectAsync(from, to);

        byte[] frame = new byte[64 << 10];
        for (int i = 0; i < 1000 && dialled.Closes == 0; i++)
        {
            dialled.Link.Write(frame);
            Assert.InRange(dialled.Link.UnsentBytes, 0, 1 << 20);
            dialled.Link.Flush();
        }

        Assert.Equal(CloseKind.SendBufferFull, (await dialled.Closed).Kind);
        reads.Set();
    }
}
