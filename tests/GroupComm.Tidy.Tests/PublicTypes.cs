using System.Collections.Generic;
using System.Text.RegularExpressions;

namespace GroupComm.Tidy.Tests;

/// <summary>Public types live in one namespace, whatever the folder; registration extensions where .NET looks for them.</summary>
internal static class PublicTypes
{
    private static readonly Regex s_namespace = new(@"\bnamespace\s+(?<name>[\w.]+)\s*(?<end>[;{])");
    private static readonly Regex s_type = new(
        @"(?<=^|[\s;{}\]])public\s+((sealed|static|abstract|readonly|ref|partial|unsafe|new|record)\s+)*(class|struct|interface|enum|delegate|record)\s+(?<name>[\w<>]+)");

    public static IEnumerable<Finding> Check(string path, string text)
    {
        string code = SourceText.CodeOnly(text);
        Match space = s_namespace.Match(code);
        string name = space.Success ? space.Groups["name"].Value : "";
        if (name is "GroupComm" or "Microsoft.Extensions.DependencyInjection")
            yield break;
        int topLevel = space.Success && space.Groups["end"].Value == "{" ? 1 : 0;
        foreach (Match type in s_type.Matches(code))
            if (Depth(code, type.Index) == topLevel)
                yield return new Finding(path, SourceText.LineOf(code, type.Index), $"public {type.Groups["name"].Value} is in namespace '{name}', not GroupComm");
    }

    private static int Depth(string code, int position)
    {
        int depth = 0;
        for (int i = 0; i < position; i++)
            depth += code[i] switch { '{' => 1, '}' => -1, _ => 0 };
        return depth;
    }
}
