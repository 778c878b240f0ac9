using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Interop.Tests;

/// <summary>Three real daemons of one cluster, as processes.</summary>
public sealed class Daemons : IAsyncDisposable
{
    private const int Count = 3;

    private static int s_nextPort;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("groupcomm-interop");
    private readonly Place[] _places = [.. Enumerable.Range(0, Count).Select(_ => new Place(FreePort(), FreePort(), FreePort()))];
    private readonly Process?[] _processes = new Process?[Count];
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(2) };

    private readonly record struct Place(int Peers, int Http, int Tcp);

    public async Task StartAsync()
    {
        for (int i = 0; i < Count; i++)
            if (_processes[i] is null or { HasExited: true })
                _processes[i] = Start(i);
        await ReadyAsync();
    }

    /// <summary>Where a client of that transport reaches a daemon.</summary>
    public string Endpoint(int daemon, string transport) => transport switch
    {
        "unix" => $"unix:{Socket(daemon)}",
        "tcp" => $"tcp:127.0.0.1:{_places[daemon].Tcp}",
        "ws" => $"ws://127.0.0.1:{_places[daemon].Http}/v1/gateway",
        _ => throw new ArgumentException(transport),
    };

    /// <summary>Where other nodes reach it.</summary>
    public string Peers(int daemon) => $"127.0.0.1:{_places[daemon].Peers}";

    public void Kill(int daemon)
    {
        _processes[daemon]!.Kill();
        _processes[daemon]!.WaitForExit();
    }

    /// <summary>Stops the process without ending it, and lets it go on.</summary>
    public void Signal(int daemon, string signal)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", _processes[daemon]!.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>All of them are in one primary view.</summary>
    public async Task ReadyAsync()
    {
        long end = Environment.TickCount64 + 60_000;
        while (true)
        {
            try
            {
                string[] views = await Task.WhenAll(_places.Select(place => _http.GetStringAsync(new Uri($"http://127.0.0.1:{place.Http}/v1/view"))));
                if (views.All(view => view.Contains("\"primary\":true", StringComparison.Ordinal) && view.Split("\"rank\"").Length == Count + 1))
                    return;
            }
            catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
            {
                // Not there yet.
            }
            if (Environment.TickCount64 > end)
                throw new TimeoutException($"the daemons are not in one view after a minute:\n{string.Join('\n', Enumerable.Range(0, Count).Select(Tail))}");
            await Task.Delay(50);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Process? process in _processes)
            if (process is { HasExited: false })
                process.Kill();
        foreach (Process? process in _processes)
        {
            if (process is null)
                continue;
            await process.WaitForExitAsync();
            process.Dispose();
        }
        _http.Dispose();
        _folder.Delete(recursive: true);
    }

    private string Socket(int daemon) => Path.Combine(_folder.FullName, $"n{daemon + 1}.sock");

    private string Tail(int daemon) => string.Join('\n', File.ReadLines(Path.Combine(_folder.FullName, $"n{daemon + 1}.log")).TakeLast(8));

    private Process Start(int daemon)
    {
        Place place = _places[daemon];
        List<string> arguments =
        [
            "serve", "--name", $"n{daemon + 1}", "--cluster", "interop", "--listen", $"127.0.0.1:{place.Peers}", "--http", $"127.0.0.1:{place.Http}",
            "--tcp", $"127.0.0.1:{place.Tcp}", "--socket", Socket(daemon), "--expected-nodes", $"{Count}",
        ];
        foreach (Place other in _places.Where(other => other != place))
            arguments.AddRange(["--seed", $"127.0.0.1:{other.Peers}"]);
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "groupcomm.dll"));
        arguments.ForEach(start.ArgumentList.Add);
        Process process = Process.Start(start)!;
        StreamWriter log = File.AppendText(Path.Combine(_folder.FullName, $"n{daemon + 1}.log"));
        log.AutoFlush = true;
        DataReceivedEventHandler write = (_, line) =>
        {
            lock (log)
                log.WriteLine(line.Data);
        };
        process.OutputDataReceived += write;
        process.ErrorDataReceived += write;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>Below the ports that the system lends to outgoing connections.</summary>
    internal static int FreePort()
    {
        while (true)
        {
            int port = 19_500 + ((Environment.ProcessId * 97 + Interlocked.Increment(ref s_nextPort)) % 9_000);
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // In use: the next one.
            }
        }
    }
}
