using System;
using System.Buffers.Binary;
using System.IO.Hashing;
using Xunit;

namespace GroupComm.Wire.Tests;

public class HandshakeTests
{
    private static readonly Handshake Own = Handshake.Of("shop", Samples.Node("n2", 9), "10.0.0.2:7400", 2, 1);

    [Fact]
    public void A_peer_of_the_same_cluster_and_version_is_accepted()
    {
        HandshakeResult result = HandshakeCheck.Check(Own, Frame(Samples.Hello), out Handshake? peer);
        Assert.Equal(new HandshakeResult(HandshakeRefusal.None, "", 1), result);
        Assert.Equal(Samples.Hello, peer);
    }

    [Fact]
    public void Another_cluster_is_refused_with_both_names()
    {
        HandshakeResult result = HandshakeCheck.Check(Own, Samples.Hello with { Cluster = "Shop" });
        Assert.Equal(HandshakeRefusal.Cluster, result.Refusal);
        Assert.Equal("n1#17 belongs to cluster 'Shop', this node to 'shop'", result.Text);
    }

    [Fact]
    public void Versions_that_do_not_meet_are_refused_with_both_ranges()
    {
        HandshakeResult result = HandshakeCheck.Check(Own, Frame(Samples.Hello with { MinVersion = 2, MaxVersion = 5 }), out _);
        Assert.Equal(HandshakeRefusal.Version, result.Refusal);
        Assert.Equal("n1#17 speaks protocol versions 2 to 5, this node 1 to 1", result.Text);
    }

    [Fact]
    public void The_highest_common_version_is_spoken() =>
        Assert.Equal(3, HandshakeCheck.Check(Own with { MaxVersion = 3 }, Samples.Hello with { MinVersion = 2, MaxVersion = 9 }).Version);

    [Fact]
    public void A_node_does_not_speak_to_itself() =>
        Assert.Equal(HandshakeRefusal.Self, HandshakeCheck.Check(Own, Own).Refusal);

    [Fact]
    public void Whatever_is_no_handshake_is_malformed()
    {
        Assert.Equal("malformed handshake: no GroupComm peer", HandshakeCheck.Check(Own, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"u8, out _).Text);
        Assert.Equal(HandshakeRefusal.Malformed, HandshakeCheck.Check(Own, Frame(Samples.Hello with { MinVersion = 3, MaxVersion = 2 }), out _).Refusal);
        Assert.Equal(HandshakeRefusal.Malformed, HandshakeCheck.Check(Own, Frame(Samples.Hello with { Cluster = "" }), out _).Refusal);
        Assert.Equal(HandshakeRefusal.Malformed, HandshakeCheck.Check(Own, Frame(Samples.Hello with { Address = new string('a', 301) }), out _).Refusal);
        Assert.Equal(HandshakeRefusal.Malformed, HandshakeCheck.Check(Own, new byte[WireLimits.MaxHandshake + 1], out _).Refusal);
    }

    [Fact]
    public void A_handshake_cut_off_or_damaged_anywhere_is_refused()
    {
        byte[] frame = Frame(Samples.Hello);
        for (int i = 0; i < frame.Length; i++)
        {
            Assert.False(HandshakeCodec.TryDecode(frame.AsSpan(0, i), out _, out _));
            frame[i] ^= 0x10;
            Assert.False(HandshakeCodec.TryDecode(frame, out _, out _));
            frame[i] ^= 0x10;
        }
        Assert.True(HandshakeCodec.TryDecode(Frames.Split(frame, 5), out _, out _));
    }

    [Fact]
    public void Damage_under_a_good_checksum_never_throws()
    {
        var random = new Random(3);
        byte[] good = Frame(Samples.Hello);
        byte[] frame = new byte[good.Length];
        for (int i = 0; i < 100_000; i++)
        {
            good.CopyTo(frame, 0);
            for (int flips = random.Next(1, 4); flips > 0; flips--)
                frame[random.Next(4, frame.Length - WireLimits.Tail)] = (byte)random.Next(256);
            Reseal(frame);
            bool read = HandshakeCodec.TryDecode(frame, out Handshake? handshake, out string? error);
            long before = GC.GetAllocatedBytesForCurrentThread();
            HandshakeCodec.TryDecode(frame, out _, out _); // the second time: texts of the program itself are loaded
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 512);
            Assert.Equal(read, handshake is not null);
            Assert.Equal(read, error is null);
        }
    }

    [Fact]
    public void Fields_of_a_later_handshake_are_skipped()
    {
        byte[] frame = Frame(Samples.Hello);
        frame[4]++; // one field more
        byte[] longer = [.. frame[..^WireLimits.Tail], 0xa2, 0x68, 0x69, .. new byte[WireLimits.Tail]];
        Reseal(longer);
        Assert.True(HandshakeCodec.TryDecode(longer, out Handshake? handshake, out _));
        Assert.Equal(Samples.Hello, handshake);
    }

    [Fact]
    public void The_longest_handshake_fits_4_KiB()
    {
        var longest = new Handshake(
            int.MaxValue, int.MaxValue, new string('∅', WireLimits.MaxName), Samples.Node(new string('n', 64), NodeId.MaxIncarnation),
            new string('∅', WireLimits.MaxAddress), int.MaxValue, uint.MaxValue, int.MaxValue);
        byte[] frame = Frame(longest);
        Assert.InRange(frame.Length, 1, WireLimits.MaxHandshake);
        Assert.True(HandshakeCodec.TryDecode(frame, out Handshake? decoded, out _));
        Assert.Equal(longest, decoded);
    }

    private static byte[] Frame(Handshake handshake) => HandshakeCodec.Encode(handshake)[WireLimits.Prefix..];

    private static void Reseal(byte[] frame) =>
        BinaryPrimitives.WriteUInt64LittleEndian(frame.AsSpan()[^WireLimits.Tail..], XxHash64.HashToUInt64(frame.AsSpan()[..^WireLimits.Tail]));
}
