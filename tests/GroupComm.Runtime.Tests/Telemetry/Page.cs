using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;

namespace GroupComm.Runtime.Tests.Telemetry;

/// <summary>The tables of docs/telemetry.md, cell by cell and without back-ticks.</summary>
internal static class Page
{
    public static string Text => File.ReadAllText(Path.Combine(Root(), "docs/telemetry.md"));

    public static IEnumerable<string[]> Rows(string header)
    {
        IEnumerable<string> rest = Text.Split('\n').SkipWhile(line => !line.StartsWith("| " + header + " |"));
        return rest.Skip(2).TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Trim('|').Split('|').Select(cell => cell.Replace("`", "").Trim()).ToArray());
    }

    private static string Root([CallerFilePath] string source = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(source)!, "../../.."));
}
