using System;
using System.ComponentModel;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace GroupComm.Containers.Tests.Cluster;

/// <summary>A compose file that runs, under a project of its own. Either form of the command will do.</summary>
internal sealed class Compose : IAsyncDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(180);
    private static readonly string[][] s_forms = [["docker", "compose"], ["docker-compose"]];

    private readonly string[] _command;
    private readonly string _image;

    private Compose(string[] form, string file, string image) => (_command, _image) = ([.. form, "-p", Run.Label.Value.ToLowerInvariant(), "-f", file], image);

    public static async Task<Compose> StartAsync(string file, string image, CancellationToken ct)
    {
        foreach (string[] form in s_forms)
        {
            (int code, _) = await TryAsync([.. form, "version"], image, ct);
            if (code != 0)
                continue;
            Compose compose = new(form, file, image);
            await compose.RunAsync(ct, "up", "-d");
            return compose;
        }
        if (Run.NeedsEngine)
            Assert.Fail("neither 'docker compose' nor 'docker-compose' answers; install one of them");
        Assert.Skip("neither 'docker compose' nor 'docker-compose' answers");
        return null!;
    }

    /// <summary>One of its subcommands: what it printed, without the last line break.</summary>
    public async Task<string> RunAsync(CancellationToken ct, params string[] arguments)
    {
        (int code, string text) = await TryAsync([.. _command, .. arguments], _image, ct);
        Assert.True(code == 0, $"{string.Join(' ', arguments)} ended with {code}: {text}");
        return text;
    }

    /// <summary>What the engine says of the container of a service.</summary>
    public async Task<string> InspectAsync(string service, string format, CancellationToken ct)
    {
        string container = (await RunAsync(ct, "ps", "-aq", service)).Split('\n').Last();
        (int code, string text) = await TryAsync(["docker", "inspect", "-f", format, container], _image, ct);
        Assert.True(code == 0, text);
        return text;
    }

    public async Task BecomesAsync(string service, string format, string wanted, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        string found;
        while ((found = await InspectAsync(service, format, ct)) != wanted)
        {
            Assert.True(clock.Elapsed < s_limit, $"{service} is '{found}' and not '{wanted}' after {s_limit}; its log:\n{await RunAsync(ct, "logs", "--no-color", service)}");
            await Task.Delay(500, ct);
        }
    }

    /// <summary>Runs it again and again, though it fails at first, until it prints what is wanted.</summary>
    public async Task UntilAsync(Func<string, bool> wanted, CancellationToken ct, params string[] arguments)
    {
        for (var clock = Stopwatch.StartNew(); ; await Task.Delay(200, ct))
        {
            (int code, string text) = await TryAsync([.. _command, .. arguments], _image, ct);
            if (code == 0 && wanted(text))
                return;
            Assert.True(clock.Elapsed < s_limit, $"{string.Join(' ', arguments)} ends with {code} and '{text}' after {s_limit}; the logs:\n{await RunAsync(ct, "logs", "--no-color")}");
        }
    }

    public async ValueTask DisposeAsync() => await RunAsync(CancellationToken.None, "down", "-v", "-t", "1");

    private static async Task<(int Code, string Text)> TryAsync(string[] command, string image, CancellationToken ct)
    {
        ProcessStartInfo start = new(command[0], command[1..]) { WorkingDirectory = Published.Repository, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["GROUPCOMM_IMAGE"] = image;
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> output = process.StandardOutput.ReadToEndAsync(ct), error = process.StandardError.ReadToEndAsync(ct);
            await process.WaitForExitAsync(ct);
            return (process.ExitCode, process.ExitCode == 0 ? (await output).TrimEnd() : await output + await error);
        }
        catch (Win32Exception missing)
        {
            return (-1, missing.Message);
        }
    }
}
