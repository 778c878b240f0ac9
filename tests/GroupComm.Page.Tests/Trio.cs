using System;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Linq;
using System.Net.Http;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Daemon.Demo;
using GroupComm.Daemon.Tests;
using GroupComm.Runtime.Tests;
using Xunit;

namespace GroupComm.Page.Tests;

/// <summary>Three daemons as processes, each with traffic of its own.</summary>
internal sealed class Trio : IAsyncDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(120);

    private readonly Child?[] _children = new Child?[3];
    private readonly int[] _http = new int[3];
    private readonly ConcurrentQueue<string?> _said = new(); // warnings and worse

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Nobody is suspected for being slow; a killed one is told by its refused connections.</summary>
    /// <param name="loads">Of each daemon: GROUP:RATE:ORDER, or null.</param>
    public static Task<Trio> StartAsync(params string?[] loads) => RunAsync(loads, token: null);

    /// <summary>Without traffic; clients must bear the token of the file.</summary>
    public static Task<Trio> StartGuardedAsync(string file, string token) => RunAsync([null, null, null], (file, token));

    private static async Task<Trio> RunAsync(string?[] loads, (string File, string Text)? token)
    {
        Trio trio = new();
        try
        {
            await trio.BeginAsync(loads, token);
            return trio;
        }
        catch
        {
            await trio.DisposeAsync();
            throw;
        }
    }

    private async Task BeginAsync(string?[] loads, (string File, string Text)? token)
    {
        int[] ports = [.. Enumerable.Range(0, 6).Select(_ => FreePorts.Next())];
        string[] seeds = [.. ports.Take(3).Select(port => $"127.0.0.1:{port}")];
        for (int i = 0; i < 3; i++)
        {
            _http[i] = ports[3 + i];
            string[] load = loads[i] is { } text ? ["--load", text] : [], access = token is { } secret ? ["--token-file", secret.File] : [];
            ProcessStartInfo start = ChildProgram.Command(
                ["serve", "--name", $"n{i + 1}", "--cluster", "shop", "--listen", seeds[i], "--seed", seeds[(i + 1) % 3], "--seed", seeds[(i + 2) % 3],
                 "--expected-nodes", "3", "--http", $"127.0.0.1:{ports[3 + i]}", "--log-level", "warning", "--suspicion-timeout", "60", .. load, .. access]);
            Process process = (_children[i] = Child.Start(start)).Process;
            process.OutputDataReceived += (_, line) => _said.Enqueue(line.Data);
            process.BeginOutputReadLine();
            process.ErrorDataReceived += (_, line) => _said.Enqueue(line.Data);
            process.BeginErrorReadLine();
        }
        using HttpClient http = new();
        if (token is { Text: var bearer })
            http.DefaultRequestHeaders.Authorization = new("Bearer", bearer);
        var late = Stopwatch.StartNew();
        for (int i = 0; i < 3; i++)
            while (!(await ViewAsync(http, Url(i))).Contains("\"name\":\"n3\"", StringComparison.Ordinal) || !(await ViewAsync(http, Url(i))).Contains("\"name\":\"n1\"", StringComparison.Ordinal))
            {
                Assert.True(late.Elapsed < s_limit && !_children[i]!.Process.HasExited, $"no view of three after {late.Elapsed}: {string.Join('\n', _said.Take(20))}");
                await Task.Delay(50, Ct);
            }
    }

    public string Url(int node) => $"http://127.0.0.1:{_http[node]}/";

    /// <summary>SIGKILL: no farewell.</summary>
    public Task KillAsync(int node) => _children[node]!.KillAsync();

    /// <summary>The process stands still: its links stay open, and it says nothing.</summary>
    public void Stop(int node) => Assert.Equal(0, Kill(_children[node]!.Process.Id, 19));

    public void Continue(int node) => Assert.Equal(0, Kill(_children[node]!.Process.Id, 18));

    public async ValueTask DisposeAsync()
    {
        foreach (Child? child in _children)
            if (child is not null)
                await child.DisposeAsync();
    }

    private static async Task<string> ViewAsync(HttpClient http, string url)
    {
        try
        {
            return await http.GetStringAsync($"{url}v1/view", Ct);
        }
        catch (HttpRequestException refused) when (refused.StatusCode is null)
        {
            return ""; // does not listen yet
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
