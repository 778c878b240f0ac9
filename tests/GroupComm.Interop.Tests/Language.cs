using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading.Tasks;
using GroupComm.Daemon.Tests;
using Xunit;

namespace GroupComm.Interop.Tests;

/// <summary>A client: how its puppet is started, and how it reaches a daemon.</summary>
/// <param name="Name">For people, with the transport.</param>
/// <param name="Tool">The program that must be there.</param>
/// <param name="Arguments">What starts the puppet; paths are below interop.</param>
/// <param name="Transport">Which of a daemon's endpoints it uses.</param>
/// <param name="Prepare">Compiles it; null: nothing to do.</param>
/// <param name="Compiler">What that needs besides its own program.</param>
internal sealed record Language(string Name, string Tool, string[] Arguments, string Transport, string[]? Prepare = null, string? Compiler = null)
{
    /// <summary>Compiles the Java client and its tests.</summary>
    public static readonly string[] Javac =
    [
        "javac", "--release", "17", "-Xlint:all", "-Werror", "-d", "java/bin", "-sourcepath", "java/src:java/test", "java/test/groupcomm/Puppet.java", "java/test/groupcomm/Tests.java",
    ];

    private static readonly string[] s_javaPuppet = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", "java/bin", "groupcomm.Puppet"];

    /// <summary>Two tests must not compile one puppet at once.</summary>
    private static readonly ConcurrentDictionary<string, Lazy<Task>> s_prepared = new();

    public static readonly IReadOnlyList<Language> All =
    [
        new("python-unix", "python3", ["python/tests/puppet.py"], "unix"),
        new("python-tcp", "python3", ["python/tests/puppet.py"], "tcp"),
        new("node-tcp", "node", ["node/test/puppet.js"], "tcp"),
        new("node-unix", "node", ["node/test/puppet.js"], "unix"),
        new("csharp-unix", "dotnet", [CSharp], "unix"),
        new("csharp-tcp", "dotnet", [CSharp], "tcp"),
        new("csharp-websocket", "dotnet", [CSharp], "ws"),
        new("java-unix", "java", s_javaPuppet, "unix", Javac),
        new("java-tcp", "java", s_javaPuppet, "tcp", Javac),
        new("node-websocket", "node", ["--experimental-websocket", "node/test/puppet.js"], "ws"),
        new("c-unix", "env", ["c/artifacts/puppet"], "unix", ["make", "-s", "-C", "c", "puppet"], "cc"),
        new("c-tcp", "env", ["c/artifacts/puppet"], "tcp", ["make", "-s", "-C", "c", "puppet"], "cc"),
    ];

    /// <summary>Built along with these tests, in its own folder: here lie the daemon's assemblies, which bring less along.</summary>
    private static string CSharp => Path.Combine(AppContext.BaseDirectory.Replace("GroupComm.Interop.Tests", "GroupComm.Client.Puppet", StringComparison.Ordinal), "GroupComm.Client.Puppet.dll");

    /// <summary>All of them, or those that GROUPCOMM_CLIENT names by the beginning of their name, for whoever works on one.</summary>
    public static IEnumerable<Language> Chosen => All.Where(language => language.Name.StartsWith(Environment.GetEnvironmentVariable("GROUPCOMM_CLIENT") ?? "", StringComparison.Ordinal));

    public static string Interop([CallerFilePath] string source = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(source)!, "../../interop"));

    /// <summary>A missing toolchain is no failure on a user's machine, and one in CI.</summary>
    public void Require()
    {
        foreach (string? tool in new[] { Tool, Prepare?[0], Compiler })
        {
            if (tool is null || IsThere(tool))
                continue;
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", $"{tool} is not on the PATH: install it to test the {Name} client");
            Assert.Fail($"{tool} is not on the PATH, and CI=true asks for every client");
        }
    }

    public Task PrepareAsync() => Prepare is null ? Task.CompletedTask : s_prepared.GetOrAdd(string.Join(' ', Prepare), _ => new Lazy<Task>(CompileAsync)).Value;

    private async Task CompileAsync()
    {
        await using Child child = Child.Start(Command(Prepare![0], Prepare[1..]));
        Task<string> error = child.Process.StandardError.ReadToEndAsync();
        await child.Process.WaitForExitAsync();
        Assert.True(child.Process.ExitCode == 0, $"{string.Join(' ', Prepare)}: {await error}");
    }

    public ProcessStartInfo Start() => Command(Tool, Arguments);

    private static ProcessStartInfo Command(string program, string[] arguments)
    {
        ProcessStartInfo start = new(program) { WorkingDirectory = Interop(), RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        return start;
    }

    private static bool IsThere(string tool)
    {
        foreach (string folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            if (File.Exists(Path.Combine(folder, tool)))
                return true;
        return false;
    }
}
