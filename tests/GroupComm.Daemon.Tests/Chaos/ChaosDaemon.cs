using System;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Daemon.Tests.Chaos;

/// <summary>A daemon that is killed and started again under the same name and addresses.</summary>
internal sealed class ChaosDaemon(int index, int[] peers, int http) : IAsyncDisposable
{
    private Child? _child;

    public int Index => index;

    /// <summary>How often it was killed.</summary>
    public int Life { get; private set; }

    public HttpClient Http { get; } = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://127.0.0.1:{http}"), Timeout = Timeout.InfiniteTimeSpan };

    public void Start()
    {
        // Of the survivors none may be suspected because this machine is busy; a killed one is told by its refused connections.
        _child = Cli.Start(
            "serve", "--name", $"n{index + 1}", "--listen", $"127.0.0.1:{peers[index]}", "--seed", $"127.0.0.1:{peers[(index + 1) % 3]}", "--seed", $"127.0.0.1:{peers[(index + 2) % 3]}",
            "--expected-nodes", "3", "--http", $"127.0.0.1:{http}", "--log-level", "error", "--suspicion-timeout", "60");
        _child.Process.OutputDataReceived += (_, _) => { };
        _child.Process.ErrorDataReceived += (_, _) => { };
        _child.Process.BeginOutputReadLine();
        _child.Process.BeginErrorReadLine();
    }

    public async Task ReadyAsync(CancellationToken ct)
    {
        while (true)
        {
            try
            {
                using HttpResponseMessage answer = await Http.GetAsync("/healthz/ready", ct);
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // Does not listen yet.
            }
            await Task.Delay(50, ct);
        }
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        await _child!.DisposeAsync();
        _child = null;
        Life++;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_child is not null)
            await _child.DisposeAsync();
    }
}
