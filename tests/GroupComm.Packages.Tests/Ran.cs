using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace GroupComm.Packages.Tests;

/// <summary>A command that ended, with all that it said.</summary>
public sealed record Ran(string Command, int Code, string Output)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(10);

    internal static async Task<Ran> RunAsync(string program, string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        using CancellationTokenSource late = new(s_limit);
        try
        {
            await process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"'{program} {string.Join(' ', arguments)}' did not end within {s_limit}");
        }
        return new Ran($"{program} {string.Join(' ', arguments)}", process.ExitCode, await output + await error);
    }

    /// <summary>As a service manager does: starts it, waits until it has said <paramref name="word"/>, and asks it to end by SIGTERM.</summary>
    internal static async Task<Ran> RunUntilAsync(string assembly, string folder, IReadOnlyDictionary<string, string> environment, string word)
    {
        ProcessStartInfo start = new("dotnet", [assembly]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{assembly} did not start");
        Task<string> error = process.StandardError.ReadToEndAsync();
        using CancellationTokenSource late = new(s_limit);
        StringBuilder output = new();
        try
        {
            while (await process.StandardOutput.ReadLineAsync(late.Token) is { } line)
            {
                output.AppendLine(line);
                if (line.Contains(word, StringComparison.Ordinal))
                    Assert.Equal(0, Signal(process.Id, Sigterm));
            }
            await process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{assembly} did not say '{word}' and end within {s_limit}:\n{output}");
        }
        finally
        {
            process.Kill(entireProcessTree: true); // no error when it has ended
        }
        return new Ran(assembly, process.ExitCode, output + await error);
    }

    private const int Sigterm = 15;

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int process, int signal);

    public Ran Ok()
    {
        Assert.True(Code == 0, $"'{Command}' ended with {Code}:\n{Output}");
        return this;
    }
}
