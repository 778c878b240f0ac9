using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Xunit;

namespace GroupComm.Tidy.Tests;

public sealed class GuideTests
{
    [Fact]
    public void Guides_show_only_code_that_compiles()
    {
        string[] compiled = [.. Repository.Sources("docs", "tests").Select(source => Readme.Flat(source.Text))];
        Repository.AssertNone(Repository
            .TextFiles(path => path.StartsWith("docs/guides/", StringComparison.Ordinal) && path.EndsWith(".md", StringComparison.Ordinal))
            .SelectMany(guide => Readme.NotCompiled(guide.Path, guide.Text, compiled)));
    }

    [Fact]
    public void Code_that_stands_nowhere_is_found() =>
        Assert.Single(Readme.NotCompiled("g.md", "```csharp\na();\nc();\n```\n", [Readme.Flat("  a();\n  b();\n  c();\n")]));

    [Fact]
    public void Code_that_stands_somewhere_passes_whatever_its_indentation() =>
        Assert.Empty(Readme.NotCompiled("g.md", "```csharp\na();\n    b();\n```\n", [Readme.Flat("    a();\n\n        b();\n    c();\n")]));
}
