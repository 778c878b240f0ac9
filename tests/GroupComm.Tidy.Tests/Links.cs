using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace GroupComm.Tidy.Tests;

/// <summary>Relative links of the documents lead to files and headings that exist.</summary>
internal static class Links
{
    private static readonly Regex s_fence = new(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline);
    private static readonly Regex s_code = new(@"`[^`\n]*`");
    private static readonly Regex s_link = new(@"\[(?:[^\[\]]|\[[^\[\]]*\])*\]\((?<to>[^()\s]+)\)");
    private static readonly Regex s_heading = new(@"^#{1,6}\s+(?<title>.+?)\s*$", RegexOptions.Multiline);
    private static readonly Regex s_anchor = new("<a id=\"(?<id>[^\"]+)\">");

    /// <param name="path">Of the document, relative to the root.</param>
    /// <param name="text">The document.</param>
    /// <param name="read">The text of a file or, for a folder, an empty one; null when there is neither.</param>
    public static IEnumerable<Finding> Check(string path, string text, Func<string, string?> read)
    {
        string blanked = s_code.Replace(s_fence.Replace(text, Blank), Blank);
        foreach (Match link in s_link.Matches(blanked))
        {
            string to = link.Groups["to"].Value;
            if (Regex.IsMatch(to, "^[a-z]+:"))
                continue;
            string[] parts = to.Split('#', 2);
            string target = parts[0].Length == 0 ? path : Resolve(path, parts[0]);
            string? found = parts[0].Length == 0 ? text : read(target);
            if (found is null)
                yield return new Finding(path, SourceText.LineOf(text, link.Index), $"leads nowhere: {to}");
            else if (parts.Length == 2 && !Anchors(found).Contains(parts[1]))
                yield return new Finding(path, SourceText.LineOf(text, link.Index), $"no such heading: {to}");
        }
    }

    public static HashSet<string> Anchors(string text)
    {
        string prose = s_fence.Replace(text, Blank);
        IEnumerable<string> headings = s_heading.Matches(prose).Select(match => Slug(match.Groups["title"].Value));
        return [.. headings, .. s_anchor.Matches(prose).Select(match => match.Groups["id"].Value)];
    }

    private static string Slug(string title) => string.Concat(title.ToLowerInvariant()
        .Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')
        .Select(c => c == ' ' ? '-' : c));

    private static string Resolve(string from, string to)
    {
        var parts = new List<string>(from.Split('/')[..^1]);
        foreach (string part in to.Split('/'))
        {
            if (part == ".." && parts.Count > 0)
                parts.RemoveAt(parts.Count - 1);
            else if (part is not ("." or ""))
                parts.Add(part);
        }
        return string.Join('/', parts);
    }

    private static string Blank(Match match) => new([.. match.Value.Select(c => c == '\n' ? '\n' : ' ')]);
}
