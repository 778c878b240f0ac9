using System;
using System.Buffers;
using System.Linq;
using GroupComm.Core.Messages;
using Xunit;

namespace GroupComm.Wire.Tests;

public class RoundTripTests
{
    public static TheoryData<byte> Kinds => [.. Enum.GetValues<MessageKind>().Select(kind => (byte)kind)];

    [Theory, MemberData(nameof(Kinds))]
    public void What_is_encoded_is_decoded_as_the_same(byte kind)
    {
        var blocks = new HeapBlocks();
        foreach (bool checksum in new[] { true, false })
        {
            var encoder = new FrameEncoder(checksum);
            var decoder = new FrameDecoder(blocks, checksum);
            for (int seed = 0; seed < 300; seed++)
            {
                Message message = new RandomMessages(seed).Next((MessageKind)kind);
                byte[] frame = encoder.Encode(message, 5).ToArray();
                FrameStatus status = decoder.Decode(frame.AsSpan(WireLimits.Prefix), 5, out Message? decoded, out string? error);
                Assert.Equal((FrameStatus.Message, null), (status, error));
                Assert.Equal(Dump.Of(message), Dump.Of(decoded));
                Assert.Equal(frame, encoder.Encode(decoded!, 5).ToArray());
            }
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_frame_in_pieces_is_the_same_frame(byte kind)
    {
        foreach (bool checksum in new[] { true, false })
            for (int seed = 0; seed < 60; seed++)
            {
                Message message = new RandomMessages(seed).Next((MessageKind)kind);
                byte[] frame = Frames.Encode(message, checksum);
                ReadOnlySequence<byte> pieces = Frames.Split(frame, 1 + (seed * 7));
                FrameStatus status = new FrameDecoder(new HeapBlocks(), checksum).Decode(pieces, 0, out Message? decoded, out string? error);
                Assert.Equal((FrameStatus.Message, null), (status, error));
                Assert.Equal(Dump.Of(message), Dump.Of(decoded));
            }
    }

    [Fact]
    public void The_dump_that_compares_messages_sees_every_difference_between_samples() =>
        Assert.Equal(Samples.All.Count, Samples.All.Select(sample => sample.Message.Kind + Dump.Of(sample.Message)).Distinct().Count());

    [Fact]
    public void Every_kind_has_a_sample() =>
        Assert.Equal(Enum.GetValues<MessageKind>(), Samples.All.Select(sample => sample.Message.Kind).Distinct().Order());

    [Fact]
    public void A_decoded_bundle_holds_one_reference_to_its_own_block()
    {
        var blocks = new HeapBlocks();
        Message sample = Samples.All[0].Message;
        new FrameDecoder(blocks, true).Decode(Frames.Encode(sample), 0, out Message? message, out _);
        var bundle = Assert.IsType<Bundle>(message);
        Assert.Equal(1, blocks.Live);
        Assert.Equal(((Bundle)sample).Body.ToArray(), bundle.Body.ToArray());
        bundle.Release();
        Assert.Equal(0, blocks.Live);
    }

    [Fact]
    public void A_type_id_that_comes_again_is_the_same_string()
    {
        var decoder = new FrameDecoder(new HeapBlocks(), true);
        decoder.Decode(Frames.Encode(Samples.All[0].Message), 0, out Message? one, out _);
        decoder.Decode(Frames.Encode(Samples.All[0].Message), 0, out Message? two, out _);
        Assert.Equal("stock-changed", ((Bundle)one!)[0].TypeId);
        Assert.Same(((Bundle)one)[0].TypeId, ((Bundle)two!)[0].TypeId);
    }

    [Fact]
    public void A_reason_that_is_too_long_is_cut_by_the_sender()
    {
        byte[] frame = Frames.Encode(new Gone(Samples.View, new string('x', 5000)));
        Assert.Equal(FrameStatus.Message, Frames.Decode(frame, true, out Message? message, out _));
        Assert.Equal(WireLimits.MaxReason, ((Gone)message!).Reason.Length);
    }

    [Fact]
    public void A_bundle_whose_segments_do_not_cover_it_is_not_encoded()
    {
        var segment = new Segment { Order = DeliveryOrder.Fifo, First = 1, Count = 2, Length = 0, Kind = SegmentKind.GroupMark, Control = new GroupMark(1, 1) };
        var bundle = new Bundle(Samples.View, 0, 1, 1, [], [segment], 1, null, 0, 0);
        Assert.Throws<InvalidOperationException>(() => Frames.Encode(bundle));
    }
}
