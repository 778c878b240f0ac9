using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace GroupComm.Tidy.Tests;

/// <summary>The README's example is the code that compiles, and its set-up is two commands.</summary>
internal static class Readme
{
    private static readonly Regex s_block = new("^```(?<kind>\\w+)\n(?<body>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline);

    public static IEnumerable<Finding> Example(string readme, string source)
    {
        string[] shown = Lines(Blocks(readme, "csharp").FirstOrDefault() ?? "");
        string[] compiled = Lines(Marked(source));
        if (shown.Length == 0)
            yield return new Finding("README.md", 0, "has no csharp block");
        else if (!shown.SequenceEqual(compiled, StringComparer.Ordinal))
            yield return new Finding("README.md", 0, "its example is not the code between the markers of ReadmeExample.cs");
    }

    public static IEnumerable<Finding> Commands(string readme)
    {
        string[] commands = [.. Blocks(readme, "sh").SelectMany(Lines)];
        if (commands.Length != 2)
            yield return new Finding("README.md", 0, $"has {commands.Length} set-up commands, not two: run, test");
    }

    /// <summary>The csharp blocks of a guide that are part of no compiled file.</summary>
    public static IEnumerable<Finding> NotCompiled(string path, string guide, IReadOnlyList<string> compiled)
    {
        foreach (string block in Blocks(guide, "csharp"))
            if (!compiled.Any(source => source.Contains(Flat(block), StringComparison.Ordinal)))
                yield return new Finding(path, 0, $"shows code that stands in no sample and no test: {Lines(block).FirstOrDefault()}");
    }

    /// <summary>A text without its layout, each line between two line ends.</summary>
    public static string Flat(string text) => $"\n{string.Join('\n', Lines(text))}\n";

    private static IEnumerable<string> Blocks(string readme, string kind) => s_block.Matches(readme)
        .Where(block => block.Groups["kind"].Value == kind)
        .Select(block => block.Groups["body"].Value);

    private static string Marked(string source) => string.Join('\n', Regex
        .Matches(source, "^ *// readme: begin\n(?<body>.*?)^ *// readme: end", RegexOptions.Multiline | RegexOptions.Singleline)
        .Select(region => region.Groups["body"].Value));

    /// <summary>Indentation and empty lines are layout.</summary>
    private static string[] Lines(string text) =>
        text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
