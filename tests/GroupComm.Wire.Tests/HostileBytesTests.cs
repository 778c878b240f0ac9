using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using GroupComm.Core.Messages;
using Xunit;

namespace GroupComm.Wire.Tests;

/// <summary>Security row Q4 and figure R6: whatever the bytes, the decoder answers; it never throws, hangs or takes more
/// memory than they are worth.</summary>
public class HostileBytesTests
{
    /// <summary><c>FLIPS=N</c> makes a longer run.</summary>
    private static readonly int Flips = int.TryParse(Environment.GetEnvironmentVariable("FLIPS"), out int flips) ? flips : 100_000;

    /// <summary>The fixed fields of the largest message object with empty lists; damage may turn one kind into another.</summary>
    private const int LeastWorth = 256;

    public static TheoryData<bool> Checksums => [true, false];

    private static IEnumerable<Message> Messages => Samples.All.Select(sample => sample.Message).Append(Big);

    /// <summary>64 KiB in 1,000 messages.</summary>
    private static Bundle Big { get; } = new BundleMaker(Samples.View, 1, 1, [4, 5, 6])
        .Add(new Segment { Order = DeliveryOrder.Agreed, Group = 1, GroupView = 1 }, [.. Enumerable.Repeat(new byte[64], 1000)]).Build();

    [Theory, MemberData(nameof(Checksums))]
    public void A_frame_that_is_cut_off_anywhere_is_refused(bool checksum)
    {
        var blocks = new HeapBlocks();
        var decoder = new FrameDecoder(blocks, checksum);
        foreach (Message message in Messages)
        {
            byte[] frame = Frames.Encode(message, checksum);
            int step = frame.Length > 10_000 ? 61 : 1;
            for (int length = 0; length < frame.Length; length += step)
            {
                Assert.Equal(FrameStatus.Malformed, decoder.Decode(frame.AsSpan(0, length), 0, out Message? none, out string? error));
                Assert.Null(none);
                Assert.NotNull(error);
            }
        }
        Assert.Equal(0, blocks.Live);
    }

    [Theory, MemberData(nameof(Checksums))]
    public void A_frame_with_a_byte_behind_it_is_refused(bool checksum)
    {
        foreach (Message message in Messages)
            Assert.Equal(FrameStatus.Malformed, Frames.Decode([.. Frames.Encode(message, checksum), 0], checksum, out _, out _));
    }

    [Fact]
    public void Every_flipped_bit_of_every_vector_is_caught_by_the_checksum()
    {
        var decoder = new FrameDecoder(new HeapBlocks(), true);
        foreach ((string name, Message message) in Samples.All)
        {
            byte[] frame = Frames.Encode(message);
            for (int bit = 0; bit < frame.Length * 8; bit++)
            {
                frame[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.True(decoder.Decode(frame, 0, out _, out _) == FrameStatus.Malformed, $"{name}, bit {bit}");
                frame[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }
    }

    [Fact]
    public void A_wrong_checksum_is_named_as_the_reason()
    {
        byte[] frame = Frames.Encode(Samples.All[0].Message);
        frame[^1] ^= 1;
        Assert.Equal(FrameStatus.Malformed, Frames.Decode(frame, true, out _, out string? error));
        Assert.Equal("checksum mismatch", error);
    }

    [Theory, MemberData(nameof(Checksums))]
    public void Random_damage_never_throws_nor_costs_more_than_twice_the_frame_or_its_honest_message(bool checksum)
    {
        var blocks = new HeapBlocks();
        var random = new Random(4711);
        byte[][] frames = [.. Messages.Select(message => Frames.Encode(message, checksum))];
        int accepted = 0;
        long slowest = 0;
        for (int index = 0; index < frames.Length; index++)
        {
            byte[] frame = frames[index];
            var decoder = new FrameDecoder(blocks, checksum);
            decoder.Decode(frame, 0, out Message? warm, out _);
            Release(warm);
            decoder = new FrameDecoder(blocks, checksum);
            long before = GC.GetAllocatedBytesForCurrentThread();
            decoder.Decode(frame, 0, out Message? honest, out _);
            long worth = Math.Max(Math.Max(frame.Length, LeastWorth), GC.GetAllocatedBytesForCurrentThread() - before);
            Release(honest);
            byte[] damaged = new byte[frame.Length];
            for (int i = 0; i < Flips / frames.Length; i++)
            {
                frame.CopyTo(damaged, 0);
                for (int flips = random.Next(1, 5); flips > 0; flips--)
                    damaged[Place(random, damaged.Length)] = (byte)random.Next(256);
                if (damaged.AsSpan().SequenceEqual(frame))
                    continue;
                long start = Stopwatch.GetTimestamp();
                before = GC.GetAllocatedBytesForCurrentThread();
                FrameStatus status = decoder.Decode(damaged, 0, out Message? message, out string? error);
                long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                long took = Stopwatch.GetTimestamp() - start;
                if (took > slowest) // the machine may have stopped this thread: only what is slow twice is slow
                    slowest = Math.Max(slowest, Math.Min(took, TicksAgain(decoder, damaged)));
                if (allocated > 2 * worth) // a text of the program itself is loaded at its first use: only the second time counts
                    allocated = Again(decoder, damaged);
                Assert.True(allocated <= 2 * worth, $"{allocated} bytes for a frame of {frame.Length} worth {worth}: {Convert.ToHexString(damaged[..Math.Min(200, damaged.Length)])}");
                Assert.Equal(status == FrameStatus.Message, message is not null);
                Assert.Equal(status == FrameStatus.Malformed, error is not null);
                if (message is null)
                    continue;
                accepted++;
                new FrameEncoder(checksum).Encode(message, 1); // what is accepted is a message that could have been sent
                Release(message);
            }
        }
        Assert.Equal(0, blocks.Live);
        Assert.True(Stopwatch.GetElapsedTime(0, slowest) < TimeSpan.FromMilliseconds(500), "a frame took too long");
        if (checksum)
            Assert.Equal(0, accepted);
        else
            Assert.InRange(accepted, 1, Flips); // the test reaches behind the first check
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        var random = new Random(99);
        var decoder = new FrameDecoder(new HeapBlocks(), false);
        byte[] noise = new byte[300];
        for (int i = 0; i < 50_000; i++)
        {
            random.NextBytes(noise);
            byte[] head = Frames.Encode(Samples.All[i % Samples.All.Count].Message, false);
            head.AsSpan(0, Math.Min(head.Length, random.Next(1, 25))).CopyTo(noise);
            decoder.Decode(noise.AsSpan(0, random.Next(noise.Length)), 0, out Message? message, out _);
            Release(message);
        }
    }

    /// <summary>Half of the damage goes to the head, where the structure is.</summary>
    private static int Place(Random random, int length) => random.Next(random.Next(2) == 0 ? Math.Min(length, 80) : length);

    private static long Again(FrameDecoder decoder, byte[] frame)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        decoder.Decode(frame, 0, out Message? message, out _);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Release(message);
        return allocated;
    }

    private static long TicksAgain(FrameDecoder decoder, byte[] frame)
    {
        long start = Stopwatch.GetTimestamp();
        decoder.Decode(frame, 0, out Message? message, out _);
        long took = Stopwatch.GetTimestamp() - start;
        Release(message);
        return took;
    }

    private static void Release(Message? message)
    {
        IEnumerable<Bundle> bundles = message switch
        {
            Bundle bundle => [bundle],
            Bodies bodies => bodies.Bundles,
            Propose propose => propose.Bundles,
            Decide decide => decide.Bundles,
            _ => [],
        };
        foreach (Bundle bundle in bundles)
            bundle.Release();
    }
}
