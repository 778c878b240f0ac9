using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Runtime.Tests;
using Xunit;

namespace GroupComm.Samples.Tests;

/// <summary>One process of a sample: what is typed into it, and what it prints.</summary>
internal sealed class Sample : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _read;

    private Sample(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, e) => Add(e.Data);
        process.ErrorDataReceived += (_, e) => Add(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public static Sample Start(string name, string[] arguments, params (string Name, string Value)[] environment)
    {
        string directory = AppContext.BaseDirectory;
        string built = Path.GetRelativePath(Path.Combine(Root, "tests", "GroupComm.Samples.Tests"), directory); // bin/Release/net10.0/
        ProcessStartInfo start = new("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(Root, "docs", "samples", name, built, name + ".dll"));
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        foreach ((string key, string value) in environment)
            start.Environment[key] = value;
        return new Sample(Process.Start(start)!);
    }

    /// <summary>Arguments for so many processes: the own port first, then those of the others.</summary>
    public static string[][] Ports(int count)
    {
        string[] ports = [.. Enumerable.Range(0, count).Select(_ => $"{FreePorts.Next()}")];
        return [.. ports.Select(own => (string[])[own, .. ports.Where(port => port != own)])];
    }

    public async Task TypeAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>The next line, of those not yet passed over, that fits.</summary>
    public async Task<string> SeesAsync(Func<string, bool> wanted)
    {
        using CancellationTokenSource late = new(Limit);
        while (true)
        {
            Task news;
            lock (_lock)
            {
                while (_read < _lines.Count)
                    if (wanted(_lines[_read++]))
                        return _lines[_read - 1];
                news = _news.Task;
            }
            try
            {
                await news.WaitAsync(late.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"not seen within {Limit} among:\n{string.Join('\n', _lines)}");
            }
        }
    }

    public Task<string> SeesAsync(string part) => SeesAsync(line => line.Contains(part, StringComparison.Ordinal));

    public string[] Lines
    {
        get
        {
            lock (_lock)
                return [.. _lines];
        }
    }

    /// <summary>Ends the input, as Ctrl-D does; the exit code.</summary>
    public async Task<int> EndAsync()
    {
        _process.StandardInput.Close();
        return await ExitAsync();
    }

    public async Task<int> ExitAsync()
    {
        using CancellationTokenSource late = new(Limit);
        await _process.WaitForExitAsync(late.Token);
        return _process.ExitCode;
    }

    public void Kill() => _process.Kill();

    /// <summary>SIGTERM.</summary>
    public void Terminate() => Assert.Equal(0, Signal(_process.Id, 15));

    [System.Runtime.InteropServices.DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int process, int signal);

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true); // no error when it has ended
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static string Root => typeof(Sample).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Root").Value!;

    private void Add(string? line)
    {
        if (line is null)
            return;
        TaskCompletionSource news;
        lock (_lock)
        {
            _lines.Add(line);
            news = _news;
            _news = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        news.SetResult();
    }
}
