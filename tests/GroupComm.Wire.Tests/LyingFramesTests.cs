using System;
using System.Linq;
using GroupComm.Core.Messages;
using MessagePack;
using Xunit;

namespace GroupComm.Wire.Tests;

/// <summary>Well-formed MessagePack that says something untrue.</summary>
public class LyingFramesTests
{
    [Fact]
    public void A_bundle_by_another_implementation_is_understood()
    {
        Assert.Equal(FrameStatus.Message, Forge.Decode(Forge.Bundle(Forge.Segment(2, 5), 5, 2, 3, 1, 2, 3, 0), out Message? message).Status);
        var bundle = (Bundle)message!;
        Assert.Equal((2, 41L, 42L, 5), (bundle.Sender, bundle.First, bundle.Last, bundle[0].Length));
    }

    [Theory]
    [InlineData(3, 5, 3, "count above the payloads")]
    [InlineData(1, 5, 1, "count below the payloads")]
    [InlineData(2, 4, 2, "length below the payload area")]
    [InlineData(2, 6, 2, "length above the payload area")]
    [InlineData(2, 5, 3, "the bundle counts more than its segments")]
    [InlineData(0, 5, 0, "no message")]
    [InlineData(-1, 5, 1, "a negative count")]
    [InlineData(2, -5, 2, "a negative length")]
    [InlineData(int.MaxValue, 5, int.MaxValue, "a huge count")]
    [InlineData(2, int.MaxValue, 2, "a huge length")]
    public void Segments_must_cover_the_bundle_exactly(long count, long length, int bundleCount, string lie) =>
        AssertRefused(Forge.Bundle(Forge.Segment(count, length), 5, bundleCount, 3, 1, 2, 3, 0), lie);

    [Theory]
    [InlineData(new byte[] { 4, 1, 2, 3, 0 }, "a payload that takes the next one's length")]
    [InlineData(new byte[] { 3, 1, 2, 3, 1 }, "a payload that ends behind its segment")]
    [InlineData(new byte[] { 3, 1, 2, 3, 0x80 }, "a length without an end")]
    [InlineData(new byte[] { 0xff, 0xff, 0xff, 0xff, 0xff }, "a length of more than five bytes")]
    [InlineData(new byte[] { 0xff, 0xff, 0xff, 0xff, 0x0f }, "a length above 2^31")]
    public void Payloads_must_fill_their_segment_exactly(byte[] payload, string lie) =>
        AssertRefused(Forge.Bundle(Forge.Segment(2, 5), 5, 2, payload), lie);

    [Theory]
    [InlineData(6)]
    [InlineData(4)]
    [InlineData(0)]
    [InlineData(int.MaxValue)]
    public void The_payload_length_must_be_what_is_there(int payloadLength) =>
        AssertRefused(Forge.Bundle(Forge.Segment(2, 5), payloadLength, 2, 3, 1, 2, 3, 0), "payload length");

    [Theory]
    [InlineData(0, 0, "no order")]
    [InlineData(5, 0, "an unknown order")]
    [InlineData(3, 1, "a change without content")]
    [InlineData(3, 3, "an unknown kind of segment")]
    public void Segments_have_known_orders_and_kinds(int order, int kind, string lie) =>
        AssertRefused(Forge.Bundle(Forge.Segment(2, 5, order, kind), 5, 2, 3, 1, 2, 3, 0), lie);

    [Theory]
    [InlineData(16)]
    [InlineData(1_000_000)]
    [InlineData(int.MaxValue)]
    public void A_count_of_segments_beyond_the_frame_allocates_nothing(int segments) =>
        AssertRefused(Forge.Bundle(Forge.Segment(2, 5, segments: segments), 5, 2, 3, 1, 2, 3, 0), "segments");

    [Fact]
    public void A_count_that_has_room_but_no_elements_allocates_nothing()
    {
        byte[] frame = Forge.Frame((int)MessageKind.Orders, 2, (ref MessagePackWriter w) =>
        {
            w.Write(1);
            w.WriteArrayHeader(10_000);
        }, [.. Enumerable.Repeat((byte)0xc1, 50_000)]);
        AssertRefused(frame, "runs");
    }

    [Theory]
    [InlineData(64)]
    [InlineData(-1)]
    public void Ranks_are_0_to_63(int rank) => AssertRefused(Forge.Frame((int)MessageKind.Accepted, 1, (ref MessagePackWriter w) =>
    {
        w.WriteArrayHeader(2);
        w.Write(1);
        w.Write(rank);
    }), "rank");

    [Theory]
    [InlineData("", 1, "h:1", "no name")]
    [InlineData("a b", 1, "h:1", "a space in a name")]
    [InlineData("a", 0, "h:1", "incarnation 0")]
    [InlineData("a", 1L << 53, "h:1", "an incarnation of 54 bits")]
    [InlineData("a", 1, "LONG", "a long address")]
    public void Identities_are_checked(string name, long incarnation, string address, string lie) =>
        AssertRefused(Known(name, incarnation, address == "LONG" ? new string('h', 301) : address), lie);

    [Fact]
    public void A_name_that_is_no_UTF8_is_refused() =>
        AssertRefused(Forge.Frame((int)MessageKind.Gone, 1, (ref MessagePackWriter w) => w.WriteString([0xc3, 0x28])), "UTF-8");

    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void Type_ids_have_at_most_256_characters(int length, bool good)
    {
        var segment = new Segment { Order = DeliveryOrder.Fifo, TypeId = new string('ß', length) };
        byte[] frame = Frames.Encode(new BundleMaker(Samples.View, 0, 1, []).Add(segment, [1]).Build(), checksum: false);
        Assert.Equal(good ? FrameStatus.Message : FrameStatus.Malformed, Forge.Decode(frame, out _).Status);
    }

    [Theory]
    [InlineData(0x91, 14, true)]
    [InlineData(0x91, 17, false)]
    [InlineData(0x91, 100_000, false)]
    [InlineData(0x81, 100_000, false)]
    public void Nesting_is_bounded(byte code, int depth, bool good)
    {
        byte[] nest = [.. Enumerable.Repeat(code, depth), .. code == 0x81 ? new byte[depth + 1] : [0]];
        byte[] frame = Forge.Frame((int)MessageKind.Leave, 1, (ref MessagePackWriter w) => w.WriteRaw(nest));
        Assert.Equal(good ? FrameStatus.Message : FrameStatus.Malformed, Forge.Decode(frame, out _).Status);
    }

    [Fact]
    public void A_bundle_inside_a_bundle_is_refused()
    {
        byte[] inner = Frames.Encode(new Bodies(Samples.View, []), checksum: false);
        AssertRefused(Forge.Frame((int)MessageKind.Bodies, 1, (ref MessagePackWriter w) =>
        {
            w.WriteArrayHeader(1);
            w.Write(inner);
        }), "no bundle");
    }

    [Theory]
    [InlineData((int)MessageKind.Bundle, true)]
    [InlineData((int)MessageKind.Notice, false)]
    public void A_nested_frame_that_has_the_fields_of_a_bundle_is_one_only_by_its_kind(int kind, bool good)
    {
        byte[] inner = Forge.Frame(kind, 6, (ref MessagePackWriter w) =>
        {
            w.Write(0);
            w.Write(2);
            w.Write(41);
            w.Write(1);
            w.WriteArrayHeader(0);
            Forge.Segment(count: 1, length: 0, order: 1, kind: (int)SegmentKind.Barrier)(ref w);
        });
        byte[] outer = Forge.Frame((int)MessageKind.Bodies, 1, (ref MessagePackWriter w) =>
        {
            w.WriteArrayHeader(1);
            w.Write(inner);
        });
        Assert.Equal(good ? FrameStatus.Message : FrameStatus.Malformed, Forge.Decode(outer, out _).Status);
    }

    [Fact]
    public void The_blocks_of_good_bundles_go_back_when_a_later_one_is_bad()
    {
        byte[] good = Frames.Encode(Samples.All[1].Message, checksum: false);
        byte[] frame = Forge.Frame((int)MessageKind.Bodies, 1, (ref MessagePackWriter w) =>
        {
            w.WriteArrayHeader(2);
            w.Write(good);
            w.Write(good.AsSpan(0, good.Length - 1));
        });
        var blocks = new HeapBlocks();
        Assert.Equal(FrameStatus.Malformed, new FrameDecoder(blocks, false).Decode(frame, 0, out _, out _));
        Assert.Equal(0, blocks.Live);
    }

    [Fact]
    public void An_order_run_is_not_longer_than_its_stream() => AssertRefused(Forge.Frame((int)MessageKind.Orders, 2, (ref MessagePackWriter w) =>
    {
        w.Write(1);
        w.WriteArrayHeader(1);
        w.WriteArrayHeader(3);
        w.Write(0);
        w.Write(5);
        w.Write(6);
    }), "run");

    private static byte[] Known(string name, long incarnation, string address) =>
        Forge.Frame((int)MessageKind.Known, 1, (ref MessagePackWriter w) =>
        {
            w.WriteArrayHeader(1);
            w.WriteArrayHeader(3);
            w.Write(name);
            w.Write(incarnation);
            w.Write(address);
        });

    private static void AssertRefused(byte[] frame, string lie)
    {
        Forge.Decode(frame, out _); // texts of the program itself are loaded
        (FrameStatus status, string? error, long allocated) = Forge.Decode(frame, out _);
        Assert.True(status == FrameStatus.Malformed && error is not null, lie);
        Assert.True(allocated <= (2 * frame.Length) + 1024, $"{lie}: {allocated} bytes");
    }
}
