using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using GroupComm.Hosting.Configuration;
using Xunit;

namespace GroupComm.Hosting.Tests;

/// <summary>docs/hosting.md says what is there.</summary>
public sealed class GuideTests
{
    private static readonly string s_guide = Read("docs/hosting.md");

    [Fact]
    public void The_example_is_the_code_that_compiles()
    {
        string shown = Regex.Match(s_guide, "^```csharp\n(?<body>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline).Groups["body"].Value;
        string compiled = string.Join('\n', Regex
            .Matches(Read("tests/GroupComm.Hosting.Tests/GuideExample.cs"), "^ *// guide: begin\n(?<body>.*?)^ *// guide: end", RegexOptions.Multiline | RegexOptions.Singleline)
            .Select(region => region.Groups["body"].Value));
        Assert.NotEmpty(Lines(shown));
        Assert.Equal(Lines(compiled), Lines(shown));
    }

    /// <summary>Whoever adds an option adds it to the guide, with its default and range.</summary>
    [Fact]
    public void Every_option_is_listed()
    {
        IEnumerable<string> missing = SectionReader.KeysOf(typeof(GroupCommOptions), typeof(GroupCommHostingOptions))
            .Where(key => !s_guide.Contains($"| `{key}` |", StringComparison.Ordinal));
        Assert.Empty(missing);
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static string Read(string path)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "GroupComm.sln")))
            folder = folder.Parent;
        return File.ReadAllText(Path.Combine(folder.FullName, path));
    }
}
