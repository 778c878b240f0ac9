using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace GroupComm.Tidy.Tests;

/// <summary>
/// The core is a value (docs/decisions/0001-core-is-a-value.md): time, randomness and identity are inputs, nothing runs
/// beside it, and no effect depends on the order of a hash table. A table that is only looked up carries the comment
/// <c>// lookup only</c> on the line that declares it.
/// </summary>
internal static class CorePurity
{
    private const string Marker = "// lookup only";

    private static readonly (Regex Pattern, string Why)[] s_banned =
    [
        (Words("DateTime", "DateTimeOffset", "Stopwatch", "TimeProvider", "Environment"), "a clock: time is an input"),
        (Words("Task", "ValueTask", "async", "await", "Thread", "ThreadPool", "ThreadStatic", "CancellationToken"), "a task or thread: the core has one owner"),
        (Words("lock", "Monitor", "Interlocked", "Volatile", "volatile", "Semaphore", "SemaphoreSlim", "Mutex", "SpinLock"), "a lock: the core has one owner"),
        (Words("Timer", "PeriodicTimer"), "a timer: ticks are inputs"),
        (Words("Socket", "TcpClient", "UdpClient", "NetworkStream"), "a socket: frames are inputs and effects"),
        (Words("File", "Directory", "FileStream", "Console"), "a file: disks are inputs and effects"),
        (Words("Random", "RandomNumberGenerator", "Guid"), "randomness: it is an input"),
        (new Regex(@"\bSystem\s*\.\s*(Threading|IO|Net)\b"), "a room of the outside world"),
        (new Regex(@"\bGetHashCode\s*\("), "a hash code: it differs between processes"),
    ];

    private static readonly Regex s_table = new(@"\b(Concurrent|Frozen|Immutable|IReadOnly|I)?(Dictionary|HashSet)\s*<|\bHashtable\b|\bTo(Dictionary|HashSet)\b");
    private static readonly Regex s_contents = new(@"(?<name>\w+)?[?!)]*\s*\.\s*(Keys|Values)\b");
    private static readonly Regex s_sorted = new(@"\bSorted(List|Dictionary)\s*<");
    private static readonly Regex s_tableName = new(@">\s*\??\s*(?<name>[A-Za-z_]\w*)\s*(=|;|,|\)|\{|$)");
    private static readonly Regex s_static = new(@"(?<before>[^;{}\n]*)\bstatic\b(?<decl>(\s*\([^()]*\))?[^;={}()]*)(?<end>=>|[;={(])(?<body>[^}]*)");

    public static IEnumerable<Finding> Check(string path, string text)
    {
        string code = SourceText.CodeOnly(text);
        string[] rawLines = text.Split('\n'), lines = code.Split('\n');
        var tables = new List<string>();
        for (int i = 0; i < lines.Length; i++)
        {
            foreach ((Regex pattern, string why) in s_banned)
                if (pattern.Match(lines[i]) is { Success: true } match)
                    yield return new Finding(path, i + 1, $"'{match.Value.Trim()}' is {why}");
            if (!s_table.IsMatch(lines[i]))
                continue;
            if (!rawLines[i].Contains(Marker, StringComparison.Ordinal))
                yield return new Finding(path, i + 1, $"a hash table: use a sorted one, or say '{Marker}'");
            tables.AddRange(s_tableName.Matches(lines[i]).Select(match => match.Groups["name"].Value));
        }
        foreach (Finding finding in MutableStatics(path, code).Concat(Enumerations(path, code, tables)).Concat(Contents(path, code, lines)))
            yield return finding;
    }

    /// <summary>Keys and values may be read of tables that this file declares as sorted, and of no others.</summary>
    private static IEnumerable<Finding> Contents(string path, string code, string[] lines)
    {
        string[] sorted = [.. lines.Where(line => s_sorted.IsMatch(line))
            .SelectMany(line => s_tableName.Matches(line)).Select(match => match.Groups["name"].Value)];
        foreach (Match match in s_contents.Matches(code))
            if (!sorted.Contains(match.Groups["name"].Value, StringComparer.Ordinal))
                yield return new Finding(path, SourceText.LineOf(code, match.Index), $"'{match.Value.Trim()}': not of a table that this file declares as sorted");
    }

    private static IEnumerable<Finding> MutableStatics(string path, string code)
    {
        foreach (Match match in s_static.Matches(code))
        {
            string words = match.Groups["before"].Value + " " + match.Groups["decl"].Value, end = match.Groups["end"].Value;
            if (Regex.IsMatch(words, @"\b(readonly|const|using|operator|class|struct|record|interface)\b"))
                continue;
            bool field = end is ";" or "=";
            bool property = end == "{" && Regex.IsMatch(match.Groups["body"].Value, @"\bset\s*;");
            if (field || property)
                yield return new Finding(path, SourceText.LineOf(code, match.Groups["decl"].Index), "mutable static state: two cores in one process would share it");
        }
    }

    private static IEnumerable<Finding> Enumerations(string path, string code, IEnumerable<string> tables)
    {
        foreach (string table in tables.Distinct(StringComparer.Ordinal))
            foreach (Match match in Regex.Matches(code, $@"\bforeach\s*\([^;{{}}]*\bin\s+(this\s*\.\s*)?{Regex.Escape(table)}\s*\)"))
                yield return new Finding(path, SourceText.LineOf(code, match.Index), $"enumerates the hash table {table}");
    }

    private static Regex Words(params string[] words) => new($@"(?<![@\w])({string.Join('|', words)})\b");
}
