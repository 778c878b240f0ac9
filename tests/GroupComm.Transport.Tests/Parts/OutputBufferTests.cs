using System;
using System.Collections.Generic;
using GroupComm.Transport.Links;
using Xunit;

namespace GroupComm.Transport.Tests.Parts;

public sealed class OutputBufferTests
{
    [Theory]
    [InlineData(1, 1000)]
    [InlineData(65_536, 65_536)]
    [InlineData(1_000_000, 70_001)]
    public void What_goes_in_comes_out_whatever_is_taken_at_a_time(int total, int step)
    {
        byte[] bytes = new byte[total];
        new Random(3).NextBytes(bytes);
        OutputBuffer buffer = new();
        for (int round = 0; round < 2; round++)
        {
            for (int at = 0; at < total; at += 999)
                buffer.Append(bytes.AsSpan(at, Math.Min(999, total - at)));
            List<byte> taken = [];
            while (!buffer.IsEmpty)
            {
                ReadOnlyMemory<byte> next = buffer.Peek();
                int count = Math.Min(step, next.Length);
                taken.AddRange(next.Span[..count]);
                buffer.Take(count);
            }

            Assert.True(taken.ToArray().AsSpan().SequenceEqual(bytes));
            Assert.True(buffer.Peek().IsEmpty);
        }
    }

    [Fact]
    public void A_cleared_buffer_is_empty_and_usable()
    {
        OutputBuffer buffer = new();
        buffer.Append(new byte[200_000]);
        buffer.Take(10);

        buffer.Clear();
        Assert.True(buffer.IsEmpty);

        buffer.Append([1, 2]);
        Assert.Equal([1, 2], buffer.Peek().ToArray());
    }
}
