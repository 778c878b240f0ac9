using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Threading.Tasks;
using GroupComm.Daemon.Tests;
using GroupComm.Runtime.Tests;

namespace GroupComm.Interop.Tests;

/// <summary>Three real daemons of one cluster, as processes.</summary>
public class Daemons : IAsyncDisposable
{
    private const int Count = 3;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("groupcomm-interop");
    private readonly Place[] _places = [.. Enumerable.Range(0, Count).Select(_ => new Place(FreePorts.Next(), FreePorts.Next(), FreePorts.Next()))];
    private readonly Child?[] _children = new Child?[Count];
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(10) };

    private readonly record struct Place(int Peers, int Http, int Tcp);

    /// <summary>Seconds until one is suspected: none is for being slow.</summary>
    protected virtual string Silence => "60";

    public async Task StartAsync()
    {
        for (int i = 0; i < Count; i++)
            if (_children[i] is null or { Process.HasExited: true })
                _children[i] = Start(i);
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

    public Task KillAsync(int daemon) => _children[daemon]!.KillAsync();

    /// <summary>Stops the process without ending it, and lets it go on.</summary>
    public void Signal(int daemon, string signal)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", _children[daemon]!.Process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>All of them are in one primary view.</summary>
    public async Task ReadyAsync()
    {
        long end = Environment.TickCount64 + 120_000;
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
                throw new TimeoutException($"the daemons are not in one view after two minutes:\n{string.Join('\n', Enumerable.Range(0, Count).Select(Tail))}");
            await Task.Delay(50);
        }
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (Child? child in _children)
            if (child is not null)
                await child.DisposeAsync();
        _http.Dispose();
        _folder.Delete(recursive: true);
    }

    private string Socket(int daemon) => Path.Combine(_folder.FullName, $"n{daemon + 1}.sock");

    private string Tail(int daemon) => string.Join('\n', File.ReadLines(Path.Combine(_folder.FullName, $"n{daemon + 1}.log")).TakeLast(8));

    private Child Start(int daemon)
    {
        Place place = _places[daemon];
        List<string> arguments =
        [
            "serve", "--name", $"n{daemon + 1}", "--cluster", "interop", "--listen", $"127.0.0.1:{place.Peers}", "--http", $"127.0.0.1:{place.Http}",
            "--tcp", $"127.0.0.1:{place.Tcp}", "--socket", Socket(daemon), "--expected-nodes", $"{Count}", "--suspicion-timeout", Silence,
        ];
        foreach (Place other in _places.Where(other => other != place))
            arguments.AddRange(["--seed", $"127.0.0.1:{other.Peers}"]);
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "groupcomm.dll"));
        arguments.ForEach(start.ArgumentList.Add);
        Child child = Child.Start(start);
        StreamWriter log = File.AppendText(Path.Combine(_folder.FullName, $"n{daemon + 1}.log"));
        log.AutoFlush = true;
        DataReceivedEventHandler write = (_, line) =>
        {
            lock (log)
                log.WriteLine(line.Data);
        };
        child.Process.OutputDataReceived += write;
        child.Process.ErrorDataReceived += write;
        child.Process.BeginOutputReadLine();
        child.Process.BeginErrorReadLine();
        return child;
    }
}

/// <summary>For a test that stops one and waits until it is suspected. No shorter: a busy machine may stop any process for a while.</summary>
public sealed class SuspiciousDaemons : Daemons
{
    protected override string Silence => "5";
}
