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
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(180);

    public static Ran InProcess(params string[] args)
    {
        using StringWriter output = new(), error = new();
        int code = CommandLine.Cli.Run(args, output, error);
        return new Ran(code, output.ToString(), error.ToString());
    }

    public static async Task<Ran> RunAsync(params string[] args)
    {
        await using Child child = Start(args);
        Task<string> output = child.Process.StandardOutput.ReadToEndAsync(), error = child.Process.StandardError.ReadToEndAsync();
        try
        {
            await WaitAsync(child.Process);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{string.Join(' ', args)}: {late.Message}: {await output}{await error}");
        }
        return new Ran(child.Process.ExitCode, await output, await error);
    }

    public static Child Start(params string[] args) => Child.Start(Demo.ChildProgram.Command(args));

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
