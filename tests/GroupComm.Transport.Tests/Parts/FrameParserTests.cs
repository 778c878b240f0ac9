using System;
using System.Buffers;
using System.Collections.Generic;
using GroupComm.Transport.Links;
using Xunit;

namespace GroupComm.Transport.Tests.Parts;

public sealed class FrameParserTests
{
    private static readonly byte[] TwoFrames = [3, 0, 0, 0, 7, 8, 9, 1, 0, 0, 0, 5];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(100)]
    public void Frames_are_the_same_however_the_bytes_are_cut(int segment)
    {
        ReadOnlySequence<byte> bytes = Cut(TwoFrames, segment);
        List<byte[]> frames = [];
        while (FrameParser.TryTake(ref bytes, 3, out ReadOnlySequence<byte> frame, out _) == FrameStatus.Complete)
            frames.Add(frame.ToArray());

        Assert.Equal([[7, 8, 9], [5]], frames);
        Assert.True(bytes.IsEmpty);
    }

    [Fact]
    public void Every_prefix_of_a_frame_is_incomplete_and_takes_nothing()
    {
        for (int length = 0; length < 7; length++)
        {
            ReadOnlySequence<byte> bytes = new(TwoFrames, 0, length);
            Assert.Equal(FrameStatus.Incomplete, FrameParser.TryTake(ref bytes, 3, out _, out uint announced));
            Assert.Equal((length, length < 4 ? 0u : 3u), ((int)bytes.Length, announced));
        }
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 0 }, (int)FrameStatus.Empty)]
    [InlineData(new byte[] { 4, 0, 0, 0 }, (int)FrameStatus.TooLong)]
    [InlineData(new byte[] { 0, 0, 0, 128 }, (int)FrameStatus.TooLong)]
    [InlineData(new byte[] { 255, 255, 255, 255 }, (int)FrameStatus.TooLong)]
    [InlineData(new byte[] { 3, 0, 0, 0 }, (int)FrameStatus.Incomplete)]
    public void The_length_alone_decides_before_any_byte_of_the_frame(byte[] bytes, int status)
    {
        ReadOnlySequence<byte> sequence = new(bytes);
        Assert.Equal((FrameStatus)status, FrameParser.TryTake(ref sequence, 3, out _, out _));
    }

    private static ReadOnlySequence<byte> Cut(byte[] bytes, int size)
    {
        Segment first = new(bytes.AsMemory(0, Math.Min(size, bytes.Length)), 0), last = first;
        for (int at = size; at < bytes.Length; at += size)
            last = last.Append(bytes.AsMemory(at, Math.Min(size, bytes.Length - at)));
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long index) => (Memory, RunningIndex) = (memory, index);

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            Segment next = new(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
