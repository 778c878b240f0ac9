using System;
using System.Collections.Generic;
using System.Text;
using GroupComm.Daemon.Children;
using Xunit;

namespace GroupComm.Daemon.Tests;

public class LineSourceTests
{
    [Theory]
    [InlineData("a\nb\n", "a|b|a|b|a")]
    [InlineData("a\nb", "a|b|a|b|a")]
    [InlineData("a\r\n\r\nb\n", "a||b|a|")]
    [InlineData("\n", "||||")]
    public void Lines_come_round_without_their_ends_and_empty_ones_too(string text, string expected)
    {
        using TemporaryDirectory directory = new();
        using LineSource lines = new(directory.File("lines.txt", text));
        List<string> got = [];
        for (int i = 0; i < 5; i++)
            got.Add(Encoding.UTF8.GetString(lines.Next().Span));
        Assert.Equal(expected, string.Join('|', got));
    }

    [Fact]
    public void A_line_longer_than_any_buffer_comes_whole()
    {
        string longLine = new('x', 300_000);
        using TemporaryDirectory directory = new();
        using LineSource lines = new(directory.File("lines.txt", $"short\n{longLine}\nend\n"));
        Assert.Equal("short", Encoding.UTF8.GetString(lines.Next().Span));
        Assert.Equal(longLine, Encoding.UTF8.GetString(lines.Next().Span));
        Assert.Equal("end", Encoding.UTF8.GetString(lines.Next().Span));
        Assert.Equal("short", Encoding.UTF8.GetString(lines.Next().Span));
    }

    [Fact]
    public void The_data_file_is_in_the_executable()
    {
        using LineSource lines = new(null);
        int count = 0;
        while (lines.TryNext(out ReadOnlyMemory<byte> line))
        {
            Assert.True(line.Length > 5);
            count++;
        }
        Assert.Equal(249, count);
    }
}
