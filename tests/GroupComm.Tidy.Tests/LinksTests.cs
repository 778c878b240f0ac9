using System;
using System.IO;
using System.Linq;
using Xunit;

namespace GroupComm.Tidy.Tests;

public sealed class LinksTests
{
    [Fact]
    public void Every_relative_link_leads_somewhere() => Repository.AssertNone(
        Repository.TextFiles(path => path.EndsWith(".md", StringComparison.Ordinal)).SelectMany(file => Links.Check(file.Path, file.Text, Read)));

    [Theory]
    [InlineData("see [it](missing.md)")]
    [InlineData("see [it](../other.md)")]
    [InlineData("see [it](there.md#no-such)")]
    [InlineData("see [it](#nowhere)")]
    public void A_dead_link_is_found(string text) => Assert.Single(Links.Check("docs/here.md", text, Planted));

    [Theory]
    [InlineData("see [it](there.md)")]
    [InlineData("see [it](there.md#p1-a-ballot)")]
    [InlineData("see [it](there.md#mark)")]
    [InlineData("see [it](../docs/there.md)")]
    [InlineData("# Here\nsee [it](#here)")]
    [InlineData("`[x](missing.md)` and\n```\n[x](missing.md)\n```\n")]
    [InlineData("see [it](https://example.org/x)")]
    public void A_live_link_passes(string text) => Assert.Empty(Links.Check("docs/here.md", text, Planted));

    private static string? Planted(string path) => path == "docs/there.md" ? "# P1. A ballot\n<a id=\"mark\"></a>\n" : null;

    private static string? Read(string path)
    {
        string full = Path.Combine(Repository.Root, path);
        return File.Exists(full) ? File.ReadAllText(full) : Directory.Exists(full) ? "" : null;
    }
}
