using System;
using System.Diagnostics;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Daemon.Tests;

/// <summary>What a run of the executable said.</summary>
internal sealed record Ran(int Code, string Output, string Error)
{
    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>Runs the executable as a user does: a process of its own, or, when nothing is started, in this one.</summary>
internal static class Cli
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    public static Ran InProcess(params string[] args)
    {
        using StringWriter output = new(), error = new();
        int code = CommandLine.Cli.Run(args, output, error);
        return new Ran(code, output.ToString(), error.ToString());
    }

    public static async Task<Ran> RunAsync(params string[] args)
    {
        using Process process = Start(args);
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await WaitAsync(process);
        return new Ran(process.ExitCode, await output, await error);
    }

    public static Process Start(params string[] args)
    {
        ProcessStartInfo start = Demo.ChildProgram.Command(args);
        return Process.Start(start) ?? throw new InvalidOperationException("did not start");
    }

    public static async Task WaitAsync(Process process)
    {
        using CancellationTokenSource late = new(Limit);
        try
        {
            await process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"the process did not end within {Limit}");
        }
    }
}
