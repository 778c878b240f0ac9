using System;
using System.Buffers;
using Xunit;

namespace GroupComm.Wire.Tests;

public class PrefixTests
{
    [Fact]
    public void A_stream_is_cut_into_the_frames_that_were_written_into_it()
    {
        var stream = new ArrayBufferWriter<byte>();
        var encoder = new FrameEncoder(true);
        foreach ((_, Core.Messages.Message message) in Samples.All)
            encoder.Encode(message, 1).WriteTo(stream);
        for (int size = 1; size < 400; size += 13)
        {
            ReadOnlySequence<byte> buffer = Frames.Split(stream.WrittenSpan, size);
            int frames = 0;
            while (FramePrefix.TryRead(ref buffer, WireLimits.MaxFrame, out ReadOnlySequence<byte> frame, out _))
                Assert.Equal(Frames.Encode(Samples.All[frames++].Message, generation: 1), frame.ToArray());
            Assert.True(buffer.IsEmpty);
            Assert.Equal(Samples.All.Count, frames);
        }
    }

    [Theory]
    [InlineData(new byte[] { 1, 0, 1, 0 }, "a frame above the limit")]
    [InlineData(new byte[] { 255, 255, 255, 255 }, "a frame above the limit")]
    [InlineData(new byte[] { 0, 0, 0, 0 }, "a frame without content")]
    [InlineData(new byte[] { 0, 0, 1, 0 }, null)]
    [InlineData(new byte[] { 255, 255, 255 }, null)]
    public void A_length_is_refused_before_anything_is_waited_for(byte[] bytes, string? expected)
    {
        var buffer = new ReadOnlySequence<byte>(bytes);
        Assert.False(FramePrefix.TryRead(ref buffer, 65536, out _, out string? error));
        Assert.Equal(expected, error);
    }
}
