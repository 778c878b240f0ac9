using System;
using System.IO;
using System.Linq;
using GroupComm.Daemon.Floodlight.Controllers;

namespace GroupComm.Daemon.Floodlight.Runs;

/// <summary>Lines of an approach's program, read from its own source, which the executable carries along: without usings, comments
/// and lines that hold no letter.</summary>
internal static class CodeLines
{
    public static int Of(Approach approach) => approach.Files.Sum(Count);

    private static int Count(string file)
    {
        using Stream source = typeof(CodeLines).Assembly.GetManifestResourceStream($"controllers/{file}.cs")
            ?? throw new InvalidOperationException($"the source of {file} is not in the executable");
        using var reader = new StreamReader(source);
        int lines = 0;
        while (reader.ReadLine() is { } line)
            lines += IsCode(line.Trim()) ? 1 : 0;
        return lines;
    }

    private static bool IsCode(string line) =>
        line.Any(char.IsLetter) && !line.StartsWith("//", StringComparison.Ordinal) && !line.StartsWith("using ", StringComparison.Ordinal) && !line.StartsWith("namespace ", StringComparison.Ordinal);
}
