using System;
using System.Collections.Generic;
using GroupComm.Transport.Links;
using GroupComm.Transport.Tests.Kit;
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

    [Theory]
    [InlineData(1)]
    [InlineData(70_001)]
    [InlineData(10_000_000)]
    public void Shared_pieces_keep_their_place_and_are_held_until_they_are_taken(int step)
    {
        Random random = new(5);
        OutputBuffer buffer = new();
        for (int round = 0; round < 2; round++)
        {
            List<byte> expected = [];
            List<SharedBytes> shared = [];
            for (int i = 0; i < 40; i++)
            {
                byte[] small = new byte[random.Next(0, 9_000)];
                random.NextBytes(small);
                buffer.Append(small);
                expected.AddRange(small);
                if (i % 3 == 0)
                    continue;
                SharedBytes large = new(random.Next(1, 20_000), random);
                buffer.Append(large, 0, large.Buffer.Length);
                shared.Add(large);
                expected.AddRange(large.Buffer);
            }

            List<byte> taken = [];
            List<ArraySegment<byte>> pieces = [];
            while (!buffer.IsEmpty)
            {
                buffer.Gather(pieces);
                Assert.InRange(pieces.Count, 1, OutputBuffer.MaxGathered);
                int left = step;
                foreach (ArraySegment<byte> piece in pieces)
                {
                    taken.AddRange(piece[..Math.Min(left, piece.Count)]);
                    left -= Math.Min(left, piece.Count);
                }
                buffer.Take(step - left);
            }

            Assert.True(taken.ToArray().AsSpan().SequenceEqual(expected.ToArray()));
            Assert.All(shared, each => Assert.Equal(0, each.Held));
        }
    }

    [Fact]
    public void A_cleared_buffer_lets_go_of_shared_pieces()
    {
        OutputBuffer buffer = new();
        SharedBytes first = new(10, new Random(1)), second = new(10, new Random(1));
        buffer.Append(first, 2, 5);
        buffer.Append([1]);
        buffer.Append(second, 0, 10);
        buffer.Take(5);
        Assert.Equal((0, 1), (first.Held, second.Held));
        buffer.Clear();
        Assert.Equal((0, 0), (first.Held, second.Held));
    }
}
