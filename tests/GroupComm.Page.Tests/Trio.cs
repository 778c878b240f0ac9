using System;
using System.Diagnostics;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Daemon.Demo;
using Xunit;

namespace GroupComm.Page.Tests;

/// <summary>Three daemons as processes, each with traffic of its own.</summary>
internal sealed class Trio : IAsyncDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private readonly Process?[] _processes = new Process?[3];
    private readonly int[] _http = new int[3];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <param name="loads">Of each daemon: GROUP:RATE:ORDER, or null.</param>
    public static Task<Trio> StartAsync(params string?[] loads) => RunAsync("1", loads, token: null);

    /// <param name="suspicion">Seconds of silence until a node is suspected.</param>
    /// <param name="loads">Of each daemon: GROUP:RATE:ORDER, or null.</param>
    public static Task<Trio> StartAsync(string suspicion, string?[] loads) => RunAsync(suspicion, loads, token: null);

    /// <summary>Without traffic; clients must bear the token of the file.</summary>
    public static Task<Trio> StartGuardedAsync(string file, string token) => RunAsync("1", [null, null, null], (file, token));

    private static async Task<Trio> RunAsync(string suspicion, string?[] loads, (string File, string Text)? token)
    {
        Trio trio = new();
        int[] ports = [.. Enumerable.Range(0, 6).Select(_ => FreePort())];
        string[] seeds = [.. ports.Take(3).Select(port => $"127.0.0.1:{port}")];
        for (int i = 0; i < 3; i++)
        {
            trio._http[i] = ports[3 + i];
            string[] load = loads[i] is { } text ? ["--load", text] : [], access = token is { } secret ? ["--token-file", secret.File] : [];
            ProcessStartInfo start = ChildProgram.Command(
                ["serve", "--name", $"n{i + 1}", "--cluster", "shop", "--listen", seeds[i], "--seed", seeds[(i + 1) % 3], "--seed", seeds[(i + 2) % 3],
                 "--expected-nodes", "3", "--http", $"127.0.0.1:{ports[3 + i]}", "--log-level", "warning", "--suspicion-timeout", suspicion, .. load, .. access]);
            Process process = trio._processes[i] = Process.Start(start) ?? throw new InvalidOperationException("did not start");
            process.OutputDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
        }
        using HttpClient http = new();
        if (token is { Text: var bearer })
            http.DefaultRequestHeaders.Authorization = new("Bearer", bearer);
        var late = Stopwatch.StartNew();
        for (int i = 0; i < 3; i++)
            while (!(await ViewAsync(http, trio.Url(i))).Contains("\"name\":\"n3\"", StringComparison.Ordinal) || !(await ViewAsync(http, trio.Url(i))).Contains("\"name\":\"n1\"", StringComparison.Ordinal))
            {
                Assert.True(late.Elapsed < s_limit, $"no view of three within {s_limit}");
                await Task.Delay(50, Ct);
            }
        return trio;
    }

    public string Url(int node) => $"http://127.0.0.1:{_http[node]}/";

    /// <summary>SIGKILL: no farewell.</summary>
    public async Task KillAsync(int node)
    {
        Process process = _processes[node]!;
        process.Kill();
        await process.WaitForExitAsync(Ct);
    }

    /// <summary>The process stands still: its links stay open, and it says nothing.</summary>
    public void Stop(int node) => Assert.Equal(0, Kill(_processes[node]!.Id, 19));

    public void Continue(int node) => Assert.Equal(0, Kill(_processes[node]!.Id, 18));

    public async ValueTask DisposeAsync()
    {
        foreach (Process? process in _processes)
        {
            if (process is null)
                continue;
            if (!process.HasExited)
                process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            process.Dispose();
        }
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

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
