using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;

namespace GroupComm.Fuzz.Tests.Guards;

/// <summary>A copy of the source in which the environment variable <c>NOGUARD</c> takes out one guard: one build for all of them.</summary>
internal sealed class GuardedCopy(string folder)
{
    private static readonly HashSet<string> s_left = ["bin", "obj", ".git", "artifacts", "TestResults", "node_modules", "target"];

    /// <summary>Writes only what differs from the last copy, so that only that is built again.</summary>
    public void Make(IReadOnlyList<Guard> guards)
    {
        ILookup<string, (Guard Guard, GuardPlace Place)> places = guards.SelectMany(guard => guard.Places.Select(place => (guard, place))).ToLookup(each => each.place.File);
        foreach (string file in Files(Guard.Root))
        {
            byte[] bytes = File.ReadAllBytes(Path.Combine(Guard.Root, file));
            foreach ((Guard guard, GuardPlace place) in places[file.Replace('\\', '/')])
                bytes = Encoding.UTF8.GetBytes(Without(Encoding.UTF8.GetString(bytes), guard, place));
            Write(file, bytes);
        }
        Write("src/GroupComm.Abstractions/NoGuard.cs", """
            namespace GroupComm;
            internal static class NoGuard { private static readonly string? s_off = System.Environment.GetEnvironmentVariable("NOGUARD"); public static bool Is(string guard) => s_off == guard; }
            """u8);
        foreach (string project in guards.Select(guard => guard.Project).Distinct())
            if (Run(["build", "-c", "Release", "-v", "quiet", "--nologo", ProjectOf(project)], null, TimeSpan.FromMinutes(20)) is not (0, _) and var failed)
                throw new InvalidOperationException($"{project} does not build without its guards:\n{failed.Output}");
    }

    /// <summary>The tests of a guard, with it or without.</summary>
    /// <returns>The exit code of their program, -1 if it did not end in three minutes; what it wrote.</returns>
    public (int Code, string Output) Test(Guard guard, bool without) =>
        Run([Path.Combine(ProjectOf(guard.Project), $"bin/Release/net10.0/GroupComm.{guard.Project}.Tests.dll"), .. guard.Tests], without ? guard.Name : null, TimeSpan.FromMinutes(3));

    private static string ProjectOf(string name) => $"tests/GroupComm.{name}.Tests";

    private (int Code, string Output) Run(IReadOnlyList<string> arguments, string? guard, TimeSpan most)
    {
        ProcessStartInfo start = new("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["NOGUARD"] = guard ?? "";
        start.Environment["NO_COLOR"] = "1";
        using Process process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        bool ended = process.WaitForExit(most);
        if (!ended)
            process.Kill(entireProcessTree: true);
        return (ended ? process.ExitCode : -1, output.GetAwaiter().GetResult() + errors.GetAwaiter().GetResult());
    }

    private static string Without(string text, Guard guard, GuardPlace place) => place.Count(text) == 1
        ? text.Replace(place.With, place.Without.Replace("{off}", $"NoGuard.Is(\"{guard.Name}\")", StringComparison.Ordinal), StringComparison.Ordinal)
        : throw new InvalidOperationException($"{guard.Name}: {place.File} has '{place.With}' not once: correct guards.json");

    private void Write(string file, ReadOnlySpan<byte> bytes)
    {
        string path = Path.Combine(folder, file);
        if (File.Exists(path) && bytes.SequenceEqual(File.ReadAllBytes(path)))
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }

    private static IEnumerable<string> Files(string under) => new DirectoryInfo(under).EnumerateFileSystemInfos().Where(each => each.LinkTarget is null && !s_left.Contains(each.Name))
        .SelectMany(each => each is DirectoryInfo ? Files(each.FullName) : [Path.GetRelativePath(Guard.Root, each.FullName)]);
}
