using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace GroupComm.Fuzz.Tests.Guards;

/// <summary>A line that keeps somebody out, how it is taken out, and the tests of which one must fail then: <c>guards.json</c>.</summary>
/// <param name="Name">One word.</param>
/// <param name="Law">The security row.</param>
/// <param name="What">What it holds, for people.</param>
/// <param name="Project">The test project, without prefix and suffix.</param>
/// <param name="Tests">Arguments of its program that pick the tests.</param>
/// <param name="Places">Where it is.</param>
internal sealed record Guard(string Name, string Law, string What, string Project, IReadOnlyList<string> Tests, IReadOnlyList<GuardPlace> Places)
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    public static string Root { get; } = Path.GetFullPath(Path.Combine(Here(), "../../.."));

    /// <summary>Where a run writes what it showed.</summary>
    public static string Record { get; } = Path.Combine(Root, "docs/guards.md");

    public static IReadOnlyList<Guard> All() => JsonSerializer.Deserialize<Guard[]>(File.ReadAllText(Path.Combine(Here(), "guards.json")), s_json)!;

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}

/// <summary>A piece of source with the guard, and what stands there without it; <c>{off}</c> is true while the guard is out.</summary>
internal sealed record GuardPlace(string File, string With, string Without)
{
    /// <summary>How often the piece is in its file; it must be once.</summary>
    public int Count(string text) => text.Split(With).Length - 1;

    public string Shown => $"`{Line(With)}` → `{Line(Without)}`";

    private static string Line(string code) => string.Join(' ', code.Split((char[])['\n', ' '], StringSplitOptions.RemoveEmptyEntries)).Replace("|", "\\|", StringComparison.Ordinal);
}
