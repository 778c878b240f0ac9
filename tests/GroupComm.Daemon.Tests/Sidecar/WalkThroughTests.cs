using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using GroupComm.Runtime.Tests;
using Xunit;

namespace GroupComm.Daemon.Tests.Sidecar;

/// <summary>Runs the lines of the README and of guides in a shell, in order, and compares what they print.</summary>
public class WalkThroughTests
{
    private const string Mark = "--- next ---";

    [Theory]
    [InlineData("../README.md", 5)]
    [InlineData("sidecar.md", 8)]
    [InlineData("guides/tls.md", 8)]
    public async Task The_walk_through_of_the_guide_works_as_it_stands(string guide, int least)
    {
        if (OperatingSystem.IsWindows() || !File.Exists("/usr/bin/curl") || !File.Exists("/bin/bash"))
            Assert.Skip("needs bash and curl");
        List<(string Command, string Output)> steps = Steps(await File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(GuideFile.Path())!, guide), Daemon.Ct));
        Assert.True(steps.Count >= least, $"only {steps.Count} commands found");
        using TemporaryDirectory directory = new();
        Install(directory);
        StringBuilder script = new();
        int peers = FreePorts.Next(), other = FreePorts.Next(), http = FreePorts.Next();
        foreach ((string command, _) in steps)
        {
            string line = InItsTime(command).Replace("groupcomm serve >", "groupcomm serve --listen 127.0.0.1:7400 >", StringComparison.Ordinal).Replace("localhost:7480", $"localhost:{http}", StringComparison.Ordinal)
                .Replace("--listen 127.0.0.1:7400", $"--listen 127.0.0.1:{peers} --http 127.0.0.1:{http}", StringComparison.Ordinal)
                .Replace("127.0.0.1:7401", $"127.0.0.1:{peers}", StringComparison.Ordinal).Replace("127.0.0.1:7402", $"127.0.0.1:{other}", StringComparison.Ordinal);
            script.Append(System.Globalization.CultureInfo.InvariantCulture, $"{line}\necho '{Mark}'\n");
        }
        script.Append("kill $(jobs -p) 2>/dev/null\nwait\n");
        ProcessStartInfo start = new("/bin/bash", ["-c", script.ToString()]) { WorkingDirectory = directory.Path, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = $"{directory.Path}:{start.Environment["PATH"]}";
        await using Child shell = Child.Start(start);
        Task<string> reading = shell.Process.StandardOutput.ReadToEndAsync(Daemon.Ct), errors = shell.Process.StandardError.ReadToEndAsync(Daemon.Ct);
        await Cli.WaitAsync(shell.Process);
        string[] printed = (await reading).Split(Mark + "\n");
        for (int i = 0; i < steps.Count; i++)
            Assert.True(Matches(steps[i].Output, printed[i]), $"{steps[i].Command}\nprinted: {printed[i]}\nexpected: {steps[i].Output}\n{await errors}");
    }

    /// <summary>A command <c>groupcomm</c> that becomes the program itself, so that a job of the shell is the daemon, which ends with the shell's tree.</summary>
    private static void Install(TemporaryDirectory directory)
    {
        ProcessStartInfo program = Demo.ChildProgram.Command([]);
        string words = string.Join(' ', new[] { program.FileName }.Concat(program.ArgumentList).Select(word => $"'{word}'"));
        string path = directory.File("groupcomm", $"#!/bin/sh\nexec {words} \"$@\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>People see what comes within a second or five; a busy machine is waited for: a stream is read until the text has come.</summary>
    private static string InItsTime(string command)
    {
        string line = Regex.Replace(command, "(events\\?member=\\w+)", "$1&grace=60s");
        line = Regex.Replace(line, "^curl (.*)-m 1 (.*) \\| grep (.*)$", "grep -m 1 $3 < <(exec curl $1-m 120 $2); kill $!");
        line = Regex.Replace(line, "^sleep 1; cat", "until grep -q hello alice.txt; do sleep 0.1; done; cat").Replace("--retry 9 ", "--retry 60 --retry-max-time 60 --retry-delay 1 ", StringComparison.Ordinal);
        return line.Replace("-m 5 ", "-m 120 ", StringComparison.Ordinal).Replace("groupcomm serve --", "groupcomm serve --suspicion-timeout 60 --", StringComparison.Ordinal)
            .Replace("wait %2; cat events.txt", "until grep -q survives events.txt; do sleep 0.1; done; kill %2; cat events.txt", StringComparison.Ordinal);
    }

    private static List<(string Command, string Output)> Steps(string guide)
    {
        List<(string, string)> steps = [];
        foreach (Match block in Regex.Matches(guide, "^```console\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline))
            foreach (string step in ("\n" + block.Groups[1].Value).Split("\n$ ").Skip(1))
                steps.Add(step.IndexOf('\n', StringComparison.Ordinal) is > 0 and int end ? (step[..end], step[(end + 1)..]) : (step, ""));
        return steps;
    }

    private static bool Matches(string expected, string printed) =>
        Regex.IsMatch(printed.Trim(), $"^{string.Join(".*", expected.Trim().Split('…').Select(Regex.Escape))}$", RegexOptions.Singleline);
}
