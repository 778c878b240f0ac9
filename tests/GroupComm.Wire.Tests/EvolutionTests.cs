using System;
using System.Linq;
using GroupComm.Core;
using GroupComm.Core.Messages;
using MessagePack;
using Xunit;

namespace GroupComm.Wire.Tests;

/// <summary>The additive rule: old and new understand each other.</summary>
public class EvolutionTests
{
    /// <summary>Values of every MessagePack type: nil, map, extension, bytes, float, text, nested array.</summary>
    private static readonly byte[] Later =
        [0xc0, 0x81, 0xa1, 0x61, 0xc2, 0xd4, 1, 2, 0xc4, 2, 9, 9, 0xcb, 1, 2, 3, 4, 5, 6, 7, 8, 0xa2, 0x68, 0x69, 0x92, 0x91, 0xc7, 1, 5, 0, 0xff];

    private const int LaterFields = 7;

    public static TheoryData<string> Names => [.. Samples.All.Select(sample => sample.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Fields_of_a_later_version_are_skipped(string name)
    {
        Message message = Samples.All.Single(sample => sample.Name == name).Message;
        byte[] frame = Frames.Encode(message, checksum: false);
        int body = message is Bundle bundle ? bundle.BodyLength : 0;
        int fields = frame[0] & 15;
        byte[] longer = [0xdc, 0, (byte)(fields + LaterFields), .. frame[1..^body], .. Later, .. frame[^body..]];
        Assert.Equal((FrameStatus.Message, null), (Frames.Decode(longer, false, out Message? decoded, out string? error), error));
        Assert.Equal(Dump.Of(message), Dump.Of(decoded));
    }

    [Fact]
    public void Fields_of_a_later_version_are_skipped_inside_records_too()
    {
        byte[] frame = Forge.Frame((int)MessageKind.Known, 1, (ref MessagePackWriter w) =>
        {
            w.WriteArrayHeader(2);
            foreach (string name in new[] { "n1", "n2" })
            {
                w.WriteArrayHeader(4 + LaterFields);
                w.Write(name);
                w.Write(4);
                w.Write("h:1");
                w.Write(2);
                w.WriteRaw(Later);
            }
        });
        Assert.Equal(FrameStatus.Message, Forge.Decode(frame, out Message? message).Status);
        Assert.Equal([new NodeInfo(new("n1", 4), "h:1", 2), new NodeInfo(new("n2", 4), "h:1", 2)], ((Known)message!).Members);
    }

    [Fact]
    public void Missing_fields_at_the_end_take_their_defaults()
    {
        byte[] frame = Forge.Frame((int)MessageKind.Ack, 1, (ref MessagePackWriter w) => w.Write(9));
        Assert.Equal(FrameStatus.Message, Forge.Decode(frame, out Message? message).Status);
        Assert.Equal(Dump.Of(new Ack(Samples.View, 9, [], [], false)), Dump.Of(message));
    }

    [Theory]
    [InlineData(MessageKind.Propose)]
    [InlineData(MessageKind.Decide)]
    [InlineData(MessageKind.Seek)]
    [InlineData(MessageKind.Bundle)]
    internal void A_message_that_means_nothing_without_its_fields_is_refused(MessageKind kind) =>
        Assert.Equal(FrameStatus.Malformed, Forge.Decode(Forge.Frame((int)kind, 0, (ref MessagePackWriter _) => { }), out _).Status);

    [Theory]
    [InlineData(127, FrameStatus.Malformed)]
    [InlineData(6, FrameStatus.Malformed)]
    [InlineData(0, FrameStatus.Malformed)]
    [InlineData(128, FrameStatus.Skipped)]
    [InlineData(255, FrameStatus.Skipped)]
    [InlineData(256, FrameStatus.Malformed)]
    internal void Unknown_kinds_are_skipped_from_128_and_refused_below(int kind, FrameStatus expected)
    {
        byte[] frame = Forge.Frame(kind, LaterFields, (ref MessagePackWriter w) => w.WriteRaw(Later), 1, 2, 3);
        Assert.Equal(expected, Forge.Decode(frame, out Message? message).Status);
        Assert.Null(message);
    }

    [Theory]
    [InlineData(6u, FrameStatus.Message)]
    [InlineData(7u, FrameStatus.Message)]
    [InlineData(8u, FrameStatus.Stale)]
    internal void Frames_of_an_older_generation_are_stale(uint connection, FrameStatus expected)
    {
        byte[] frame = Frames.Encode(Samples.All[0].Message, generation: 7);
        var blocks = new HeapBlocks();
        Assert.Equal(expected, new FrameDecoder(blocks, true).Decode(frame, connection, out _, out _));
        Assert.Equal(expected == FrameStatus.Message ? 1 : 0, blocks.Live);
    }

    [Fact]
    public void A_frame_sealed_for_another_link_is_the_frame_encoded_for_it()
    {
        foreach (bool checksum in new[] { true, false })
            foreach ((_, Message message) in Samples.All)
            {
                var encoder = new FrameEncoder(checksum);
                EncodedFrame frame = encoder.Encode(message, 1);
                encoder.Seal(uint.MaxValue);
                Assert.Equal(new FrameEncoder(checksum).Encode(message, uint.MaxValue).ToArray(), frame.ToArray());
            }
    }
}
