using System;
using System.Buffers.Binary;
using System.Linq;
using System.Threading.Tasks;
using GroupComm.Transport.Tests.Kit;
using Xunit;

namespace GroupComm.Transport.Tests.Contract;

public abstract partial class TransportContract
{
    [Fact]
    public async Task A_frame_of_one_byte_arrives_in_both_directions()
    {
        (LinkRecord dialled, LinkRecord accepted) = await ConnectAsync(Make(), await MakeListeningAsync());

        Send(dialled, 1);
        Send(accepted, 2);

        await accepted.FramesAsync(1);
        await dialled.FramesAsync(1);
        Assert.Equal([1], Assert.Single(accepted.Frames));
        Assert.Equal([2], Assert.Single(dialled.Frames));
        Assert.True(dialled.Link.Dialled);
        Assert.False(accepted.Link.Dialled);
        Assert.Equal(dialled.Link.LocalAddress, accepted.Link.RemoteAddress);
        Assert.Equal(dialled.Link.RemoteAddress, accepted.Link.LocalAddress);
    }

    [Fact]
    public async Task An_empty_frame_is_a_mistake_of_the_writer()
    {
        (LinkRecord dialled, _) = await ConnectAsync(Make(), await MakeListeningAsync());

        Assert.Throws<ArgumentException>(() => dialled.Link.Write([]));
        Assert.Throws<ArgumentException>(() => dialled.Link.Write([], []));
    }

    [Fact]
    public async Task An_empty_frame_from_a_peer_closes_the_link_as_malformed()
    {
        (LinkRecord dialled, LinkRecord accepted) = await ConnectAsync(Make(), await MakeListeningAsync());

        dialled.Link.WriteRaw([1, 0, 0, 0, 9, 0, 0, 0, 0, 1, 0, 0, 0, 9]);
        dialled.Link.Flush();

        Assert.Equal(CloseKind.Malformed, (await accepted.Closed).Kind);
        Assert.Equal([9], Assert.Single(accepted.Frames));
    }

    [Fact]
    public async Task Many_small_frames_of_one_flush_arrive_in_order_in_few_batches()
    {
        const int Count = 10_000;
        (LinkRecord dialled, LinkRecord accepted) = await ConnectAsync(Make(), await MakeListeningAsync());

        for (int i = 0; i < Count; i++)
            dialled.Link.Write(BitConverter.GetBytes(i));
        dialled.Link.Flush();

        await accepted.FramesAsync(Count);
        Assert.Equal(Enumerable.Range(0, Count), accepted.Frames.Select(frame => BitConverter.ToInt32(frame)));
        Assert.InRange(accepted.Batches, 0, 40);
    }

    [Theory]
    [InlineData(65_536)]
    [InlineData(1_000_003)]
    [InlineData(8 << 20)]
    public async Task A_large_frame_arrives_whole_with_its_neighbours(int length)
    {
        (LinkRecord dialled, LinkRecord accepted) = await ConnectAsync(Make(), await MakeListeningAsync());
        byte[] large = Pattern(length);

        dialled.Link.Write([1]);
        dialled.Link.Write(large.AsSpan(0, 100), large.AsSpan(100));
        dialled.Link.Write([2]);
        dialled.Link.Flush();

        await accepted.FramesAsync(3);
        Assert.Equal([1], accepted.Frames[0]);
        Assert.True(accepted.Frames[1].AsSpan().SequenceEqual(large));
        Assert.Equal([2], accepted.Frames[2]);
    }

    [Fact]
    public async Task Raw_bytes_may_hold_several_frames()
    {
        (LinkRecord dialled, LinkRecord accepted) = await ConnectAsync(Make(), await MakeListeningAsync());

        dialled.Link.WriteRaw([1, 0, 0, 0, 5, 2, 0, 0, 0, 6, 7]);
        dialled.Link.Flush();

        await accepted.FramesAsync(2);
        Assert.Equal([[5], [6, 7]], accepted.Frames);
    }

    [Fact]
    public async Task Shared_bytes_arrive_whole_in_their_place_and_are_let_go()
    {
        Random random = new(7);
        (LinkRecord dialled, LinkRecord accepted) = await ConnectAsync(Make(), await MakeListeningAsync());
        SharedBytes[] shared = [.. Enumerable.Range(0, 60).Select(_ => new SharedBytes(random.Next(1, 300_000), random))];

        foreach (SharedBytes each in shared)
        {
            dialled.Link.WriteRaw(BitConverter.GetBytes(each.Buffer.Length + 1));
            dialled.Link.WriteRaw([9]);
            dialled.Link.WriteShared(each, 0, each.Buffer.Length);
            if (random.Next(3) == 0)
                dialled.Link.Flush();
        }
        dialled.Link.Flush();

        await accepted.FramesAsync(shared.Length);
        Assert.Equal(shared.Select(each => (byte[])[9, .. each.Buffer]), accepted.Frames);
        await Soon.UntilAsync(() => shared.All(each => each.Held == 0));
    }

    [Fact]
    public async Task A_link_that_ends_lets_go_of_what_it_did_not_send()
    {
        (LinkRecord dialled, _) = await ConnectAsync(Make(), await MakeListeningAsync());
        SharedBytes shared = new(1 << 20, new Random(1));
        for (int i = 0; i < 100; i++)
        {
            dialled.Link.WriteRaw(BitConverter.GetBytes(shared.Buffer.Length));
            dialled.Link.WriteShared(shared, 0, shared.Buffer.Length);
        }
        dialled.Link.Flush();

        dialled.Link.Close(new CloseReason(CloseKind.Reset, "test"));
        await dialled.Closed;
        await Soon.UntilAsync(() => shared.Held == 0);
    }

    [Fact]
    public async Task Concurrent_writers_keep_frames_whole_and_each_in_its_order()
    {
        const int Writers = 4, Each = 2_000;
        (LinkRecord dialled, LinkRecord accepted) = await ConnectAsync(Make(), await MakeListeningAsync());

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() =>
        {
            for (int i = 0; i < Each; i++)
            {
                byte[] frame = new byte[8 + (i % 500)];
                frame.AsSpan().Fill((byte)writer);
                BinaryPrimitives.WriteInt32LittleEndian(frame, writer);
                BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(4), i);
                dialled.Link.Write(frame);
                dialled.Link.Flush();
            }
        })));

        await accepted.FramesAsync(Writers * Each);
        int[] next = new int[Writers];
        foreach (byte[] frame in accepted.Frames)
        {
            int writer = BinaryPrimitives.ReadInt32LittleEndian(frame);
            int number = BinaryPrimitives.ReadInt32LittleEndian(frame.AsSpan(4));
            Assert.Equal(next[writer]++, number);
            Assert.Equal(8 + (number % 500), frame.Length);
            Assert.False(frame.AsSpan(8).ContainsAnyExcept((byte)writer));
        }
    }

    [Fact]
    public async Task Nothing_is_sent_before_the_flush()
    {
        TransportUnderTest from = Make();
        (LinkRecord dialled, LinkRecord accepted) = await ConnectAsync(from, await MakeListeningAsync());

        dialled.Link.Write([1, 2, 3]);
        Assert.Equal(7, dialled.Link.UnsentBytes);
        Assert.Equal(0, from.Counters.BytesOut);

        dialled.Link.Flush();
        await accepted.FramesAsync(1);
        await Soon.UntilAsync(() => dialled.Link.UnsentBytes == 0 && from.Counters.BytesOut == 7);
    }

    [Fact]
    public async Task The_sink_is_never_called_on_the_stack_of_a_caller()
    {
        TransportUnderTest from = Make();
        TransportUnderTest to = await MakeListeningAsync(new RecordingSink { Frame = (link, frame) => { link.Write(frame); link.Flush(); } });
        (LinkRecord dialled, LinkRecord accepted) = await ConnectAsync(from, to);

        for (int i = 0; i < 500; i++)
        {
            RecordingSink.CallerIsInside = true;
            dialled.Link.Write(new byte[1000]);
            dialled.Link.Flush();
            RecordingSink.CallerIsInside = false;
        }

        await dialled.FramesAsync(500);
        RecordingSink.CallerIsInside = true;
        dialled.Link.Close(new CloseReason(CloseKind.Local, "done"));
        RecordingSink.CallerIsInside = false;
        await accepted.Closed;
        Assert.Null(dialled.Broken);
    }
}
