using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using GroupComm.Core.Messages;
using Xunit;

namespace GroupComm.Wire.Tests;

/// <summary>No allocation per message on the data path. <c>MEASURE=FILE</c> also appends times to a file.</summary>
public class AllocationTests
{
    private static readonly Segment Like = new() { Order = DeliveryOrder.Agreed, Group = 1, GroupView = 4, Slot = 1, TypeId = "stock-changed" };

    private static Bundle Of(int count, int size) =>
        new BundleMaker(Samples.View, 1, 1_000_000, [2_000_000, 0, 3_000_000], 0).Add(Like, [.. Enumerable.Repeat(new byte[size], count)]).Build();

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    public void Encoding_a_bundle_allocates_nothing_and_decoding_only_the_bundle_and_its_arrays(int count)
    {
        Bundle bundle = Of(count, 64);
        var encoder = new FrameEncoder(true);
        var decoder = new FrameDecoder(new HeapBlocks { Reuse = true }, true);
        byte[] frame = Frames.Encode(bundle);
        Assert.Equal(0, Allocated(() => encoder.Encode(bundle, 3)));
        long expected = Allocated(() => _ = new Bundle(bundle.View, 1, 1, 1, new long[3], new Segment[1], 1, null, 0, 0));
        Assert.Equal(expected, Allocated(() =>
        {
            decoder.Decode(frame, 0, out Message? message, out _);
            ((Bundle)message!).Release();
        }));
        System.Buffers.ReadOnlySequence<byte> pieces = Frames.Split(frame, 4096);
        Assert.Equal(expected, Allocated(() =>
        {
            decoder.Decode(pieces, 0, out Message? message, out _);
            ((Bundle)message!).Release();
        }));
        Measure(bundle, frame, encoder, decoder, expected);
    }

    [Theory]
    [InlineData("orders")]
    [InlineData("ack")]
    [InlineData("heartbeat")]
    public void Encoding_what_goes_out_at_every_turn_allocates_nothing(string name)
    {
        Message message = Samples.All.Single(sample => sample.Name == name).Message;
        var encoder = new FrameEncoder(true);
        Assert.Equal(0, Allocated(() => encoder.Encode(message, 3)));
    }

    private static long Allocated(Action action)
    {
        action();
        long least = long.MaxValue;
        for (int i = 0; i < 5; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }

    private static void Measure(Bundle bundle, byte[] frame, FrameEncoder encoder, FrameDecoder decoder, long allocated)
    {
        if (Environment.GetEnvironmentVariable("MEASURE") is not { Length: > 0 } file)
            return;
        var encoderTls = new FrameEncoder(false);
        var decoderTls = new FrameDecoder(new HeapBlocks { Reuse = true }, false);
        byte[] frameTls = Frames.Encode(bundle, checksum: false);
        double encode = Nanoseconds(() => encoder.Encode(bundle, 3));
        double decode = Nanoseconds(() => Decode(decoder, frame));
        double encodeTls = Nanoseconds(() => encoderTls.Encode(bundle, 3));
        double decodeTls = Nanoseconds(() => Decode(decoderTls, frameTls));
        File.AppendAllText(
            file,
            $"{bundle.Count} messages, frame {frame.Length + 4} B, overhead {frame.Length + 4 - bundle.BodyLength} B: encode {encode:F0} ns, decode {decode:F0} ns; "
            + $"without checksum {encodeTls:F0}, {decodeTls:F0} ns; allocated 0 and {allocated} B ({RuntimeInformation.FrameworkDescription})\n");
    }

    private static void Decode(FrameDecoder decoder, byte[] frame)
    {
        decoder.Decode(frame, 0, out Message? message, out _);
        ((Bundle)message!).Release();
    }

    /// <summary>Median of rounds, after a second in which the code is compiled in full.</summary>
    private static double Nanoseconds(Action action)
    {
        const int Rounds = 31;
        const int Times = 5000;
        double[] rounds = new double[Rounds];
        long warm = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(warm) < TimeSpan.FromSeconds(1))
            action();
        for (int round = 0; round < Rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < Times; i++)
                action();
            rounds[round] = Stopwatch.GetElapsedTime(start).TotalNanoseconds / Times;
        }
        Array.Sort(rounds);
        return rounds[Rounds / 2];
    }
}
