using System;
using System.Linq;
using Xunit;

namespace GroupComm.Tidy.Tests;

public sealed class TextsTests
{
    [Fact]
    public void No_source_file_is_longer_than_the_limit() =>
        Repository.AssertNone(Repository.Sources("src", "tests").SelectMany(file => Texts.Length(file.Path, file.Text)));

    [Fact]
    public void Lines_end_with_LF() =>
        Repository.AssertNone(Repository.TextFiles(_ => true).SelectMany(file => Texts.LineEnds(file.Path, file.Text)));

    [Fact]
    public void No_file_names_a_machine_or_a_registry() =>
        Repository.AssertNone(Repository.TextFiles(_ => true).SelectMany(file => Texts.Machines(file.Path, file.Text)));

    [Fact]
    public void Only_agreed_names_stand_at_the_top_level() => Repository.AssertNone(Texts.TopLevel(Repository.TopLevelNames()));

    [Fact]
    public void Every_note_for_later_has_an_issue() =>
        Repository.AssertNone(Repository.Sources("src", "tests").SelectMany(file => Texts.Todos(file.Path, file.Text)));

    [Fact]
    public void A_long_file_is_found()
    {
        string longest = string.Concat(Enumerable.Repeat("x\n", Texts.MaxLines));
        Assert.Empty(Texts.Length("planted.cs", longest));
        Assert.Single(Texts.Length("planted.cs", longest + "x"));
    }

    [Fact]
    public void A_carriage_return_is_found() => Assert.Equal(2, Assert.Single(Texts.LineEnds("planted.cs", "a\nb\r\n")).Line);

    [Theory]
    [InlineData("see /wo|rk/main")]
    [InlineData("cd /ro|ot/x")]
    [InlineData("cd /tmp/w|t/x")]
    [InlineData("cd /ho|me/me")]
    [InlineData("C:\\Us|ers\\me")]
    [InlineData("https://api.nu|get.org/v3")]
    [InlineData("FROM mc|r.microsoft.com/dotnet")]
    public void A_machine_or_registry_is_found(string text) =>
        Assert.Single(Texts.Machines("planted.md", text.Replace("|", "", StringComparison.Ordinal)));

    [Theory]
    [InlineData("../wo|rk/x and a/root/b")]
    [InlineData("dotnet nuget push")]
    [InlineData("GET /v1/groups")]
    public void What_only_looks_like_a_machine_passes(string text) => Assert.Empty(Texts.Machines("clean.md", text.Replace("|", "", StringComparison.Ordinal)));

    [Fact]
    public void A_stray_name_is_found() =>
        Assert.Equal("notes.txt", Assert.Single(Texts.TopLevel(["src", ".ci", "Directory.Build.props", "notes.txt"])).File);

    [Fact]
    public void A_note_without_an_issue_is_found()
    {
        Assert.Single(Texts.Todos("planted.cs", "// TO" + "DO later"));
        Assert.Empty(Texts.Todos("clean.cs", "// TO" + "DO (#12) later"));
    }
}
