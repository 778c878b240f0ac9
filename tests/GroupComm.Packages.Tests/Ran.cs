using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace GroupComm.Packages.Tests;

/// <summary>A command that ended, with all that it said.</summary>
public sealed record Ran(string Command, int Code, string Output)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);

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

    public Ran Ok()
    {
        Assert.True(Code == 0, $"'{Command}' ended with {Code}:\n{Output}");
        return this;
    }
}
