using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Xunit;

namespace GroupComm.Daemon.Tests;

/// <summary>A daemon that runs until it is told to end.</summary>
internal sealed partial class Serving : IAsyncDisposable
{
    private const int Sigterm = 15;

    /// <summary>For a test in which one stands still. No shorter: a busy machine may stop any process for a while.</summary>
    public static readonly string[] NoticeSilence = ["--suspicion-timeout", "4"];

    private readonly Child _child;
    private readonly Task<string> _errors;
    private readonly Queue<string> _said = new();

    private Serving(Child child) => (_child, _errors) = (child, child.Process.StandardError.ReadToEndAsync());

    public string Address { get; private set; } = "";

    private Process Process => _child.Process;

    /// <summary>Nobody is suspected for being slow, unless the arguments say otherwise.</summary>
    public static async Task<Serving> StartAsync(params string[] args)
    {
        string[] http = args.Contains("--http") ? [] : ["--http", "off"], silence = args.Contains(NoticeSilence[0]) ? [] : [NoticeSilence[0], "60"];
        Serving serving = new(Cli.Start(["serve", "--listen", "127.0.0.1:0", .. args, .. http, .. silence]));
        try
        {
            serving.Address = (await serving.SeesAsync(Listens())).Groups[1].Value;
            return serving;
        }
        catch
        {
            await serving.DisposeAsync();
            throw;
        }
    }

    /// <summary>The next line of its log that fits.</summary>
    public async Task<Match> SeesAsync(Regex wanted)
    {
        Task late = Task.Delay(Cli.Limit);
        while (true)
        {
            Task<string?> reading = Process.StandardOutput.ReadLineAsync();
            if (await Task.WhenAny(reading, late) == late)
                throw new TimeoutException($"did not say '{wanted}' within {Cli.Limit}, but last:\n{string.Join('\n', _said)}");
            if (await reading is not { } line)
            {
                await Cli.WaitAsync(Process);
                throw new InvalidOperationException($"ended with {Process.ExitCode} before it said '{wanted}': {await _errors}");
            }
            _said.Enqueue(line);
            if (_said.Count > 20)
                _said.Dequeue();
            if (wanted.Match(line) is { Success: true } match)
                return match;
        }
    }

    /// <summary>The process stands still.</summary>
    public void Stop() => Assert.Equal(0, Kill(Process.Id, 19));

    public void Continue() => Assert.Equal(0, Kill(Process.Id, 18));

    public async Task<int> EndAsync()
    {
        await Cli.WaitAsync(Process);
        return Process.ExitCode;
    }

    public async Task<int> TerminateAsync()
    {
        Assert.Equal(0, Kill(Process.Id, Sigterm));
        return await EndAsync();
    }

    public ValueTask DisposeAsync() => _child.DisposeAsync();

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);

    [GeneratedRegex(@"listens at (\S+),")]
    private static partial Regex Listens();
}
