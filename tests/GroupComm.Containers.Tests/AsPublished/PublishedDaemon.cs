using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Containers.Tests.Cluster;
using Xunit;

namespace GroupComm.Containers.Tests.AsPublished;

/// <summary>The executable that is in the image, as a process of this machine.</summary>
internal sealed class PublishedDaemon : IAsyncDisposable
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private PublishedDaemon(Process process, int port, TimeSpan start) =>
        (_process, Port, Start, Http) = (process, port, start, Client(port));

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public int Port { get; }

    /// <summary>From the start of the process until it was ready.</summary>
    public TimeSpan Start { get; }

    public HttpClient Http { get; }

    /// <summary>What it keeps resident, shared pages included.</summary>
    public double Megabytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / (double)(1 << 20);
        }
    }

    public static async Task<PublishedDaemon> StartAsync(params string[] options)
    {
        int port = FreePort();
        var clock = Stopwatch.StartNew();
        Process process = Begin(["serve", "--http", $"127.0.0.1:{port}", "--log-level", "error", .. options]);
        using HttpClient http = Client(port);
        while (!await IsReadyAsync(http))
        {
            Assert.False(process.HasExited, "the published daemon ended");
            Assert.True(clock.Elapsed < Limit, $"the published daemon is not ready within {Limit}");
            await Task.Delay(5, Ct);
        }
        return new PublishedDaemon(process, port, clock.Elapsed);
    }

    /// <summary>Another command of the executable, asked of this daemon where it asks one.</summary>
    public async Task<string> RunAsync(string input, params string[] command)
    {
        using Process process = Begin(command, ("GROUPCOMM_AT", $"127.0.0.1:{Port}"));
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(Ct), error = process.StandardError.ReadToEndAsync(Ct);
        await process.WaitForExitAsync(Ct).WaitAsync(Limit, Ct);
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', command)} ended with {process.ExitCode}: {await error}");
        return await output;
    }

    public async Task<int> LeaveAsync()
    {
        using Process kill = Process.Start("kill", ["-TERM", $"{_process.Id}"])!;
        await kill.WaitForExitAsync(Ct);
        await _process.WaitForExitAsync(Ct).WaitAsync(Limit, Ct);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    public static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static Process Begin(string[] arguments, params (string Name, string Value)[] variables)
    {
        ProcessStartInfo start = new(Path.Combine(Published.Repository, "artifacts", "image", "groupcomm"), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = arguments[0] != "serve",
            RedirectStandardError = arguments[0] != "serve",
        };
        foreach ((string name, string value) in variables)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static HttpClient Client(int port) =>
        new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = Limit };

    private static async Task<bool> IsReadyAsync(HttpClient http)
    {
        try
        {
            return (await http.GetAsync("/healthz/ready", Ct)).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
