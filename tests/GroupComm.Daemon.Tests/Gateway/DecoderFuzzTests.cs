using System;
using System.Buffers;
using GroupComm.Gateway.Protocol;
using Xunit;

namespace GroupComm.Daemon.Tests.Gateway;

/// <summary>Whatever the bytes are: a frame, or the one exception that closes the connection; and never more memory than they are worth.</summary>
public sealed class DecoderFuzzTests
{
    private const int Rounds = 60_000;

    private static readonly FrameDecoder s_decoder = new(1 << 20);

    [Fact]
    public void Random_bytes_are_refused_or_read()
    {
        Random random = new(81);
        int read = 0;
        for (int round = 0; round < Rounds; round++)
        {
            byte[] bytes = new byte[random.Next(1, 64)];
            random.NextBytes(bytes);
            if (round % 2 == 0)
                bytes[0] = (byte)(0x90 | random.Next(10)); // an array, so that most get past the first check
            read += Try(bytes);
        }
        Assert.InRange(read, 1, Rounds - 1);
    }

    [Fact]
    public void Mutated_frames_are_refused_or_read()
    {
        Random random = new(82);
        int read = 0;
        for (int round = 0; round < Rounds; round++)
        {
            byte[] bytes = FrameEncoder.Encode(FrameSamples.All[random.Next(FrameSamples.All.Count)].Frame)[4..];
            for (int change = random.Next(1, 4); change > 0; change--)
                bytes = Mutate(bytes, random);
            read += Try(bytes);
        }
        Assert.InRange(read, 1, Rounds - 1);
    }

    [Fact]
    public void What_is_read_is_written_as_something_that_reads_the_same()
    {
        Random random = new(83);
        for (int round = 0; round < Rounds / 4; round++)
        {
            byte[] bytes = Mutate(FrameEncoder.Encode(FrameSamples.All[random.Next(FrameSamples.All.Count)].Frame)[4..], random);
            if (Decode(bytes) is { } frame && frame is not Receipt { Stage: (ReceiptStage)3 })
                Assert.Equal(FrameDump.Of(frame).ToJsonString(), FrameDump.Of(Decode(FrameEncoder.Encode(frame)[4..])!).ToJsonString());
        }
    }

    [Fact]
    public void An_announced_size_costs_nothing()
    {
        // Arrays, maps, bins and strs of 2^31 - 1 in a few bytes.
        foreach (string hex in new[] { "dd7fffffff", "9923a167a16aa173dd7fffffff", "951001a167c0df7fffffff", "9317" + "01c67fffffff", "9406db7fffffff", "9128dd7fffffff" })
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Equal(0, Try(Convert.FromHexString(hex)));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        }
    }

    private static byte[] Mutate(byte[] bytes, Random random)
    {
        int at = random.Next(bytes.Length);
        switch (random.Next(4))
        {
            case 0:
                bytes[at] = (byte)random.Next(256);
                return bytes;
            case 1:
                bytes[at] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 2:
                return bytes[..Math.Max(1, at)];
            default:
                return [.. bytes[..at], (byte)random.Next(256), .. bytes[at..]];
        }
    }

    private static int Try(byte[] bytes) => Decode(bytes) is null ? 0 : 1;

    private static GatewayFrame? Decode(byte[] bytes)
    {
        try
        {
            return s_decoder.Decode(new ReadOnlySequence<byte>(bytes));
        }
        catch (BadFrameException)
        {
            return null;
        }
    }
}
