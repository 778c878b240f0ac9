using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Threading.Tasks;
using GroupComm.Runtime.Tests;
using Xunit;

namespace GroupComm.Daemon.Tests.Sidecar;

/// <summary>
/// The figures of docs/sidecar.md, of a daemon as a process; what is asserted is that everything arrives, once. With the figures:
/// <c>dotnet test -c Release --project tests/GroupComm.Daemon.Tests --filter-class "*FigureTests" --show-live-output on --output detailed</c>.
/// </summary>
public class FigureTests(ITestOutputHelper output)
{
    private const int Clients = 1000;
    private const int Messages = 50;
    private const int Posts = 2000;

    [Fact]
    public async Task A_thousand_clients_of_one_daemon_are_told_everything()
    {
        int port = FreePorts.Next();
        await using Child daemon = Cli.Start("serve", "--name", "n1", "--listen", "127.0.0.1:0", "--http", $"127.0.0.1:{port}", "--log-level", "error");
        using HttpClient http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = Cli.Limit };
        for (; !await IsReadyAsync(http); await Task.Delay(20, Daemon.Ct))
            Assert.False(daemon.Process.HasExited, "the daemon ended");
        long before = Resident(daemon.Process);

        var clock = Stopwatch.StartNew();
        StreamReader[] readers = await Task.WhenAll(Enumerable.Range(0, Clients).Select(i => JoinAsync(http, $"c{i}")));
        TimeSpan joined = clock.Elapsed;
        long after = Resident(daemon.Process);

        clock.Restart();
        Task<int[]> reading = Task.WhenAll(readers.Select(reader => Task.Run(() => CountAsync(reader), Daemon.Ct)));
        for (int i = 1; i <= Messages; i++)
            await PostAsync(http, $"m{i:000}", "delivered");
        Assert.All(await reading.WaitAsync(Cli.Limit, Daemon.Ct), count => Assert.Equal(Messages, count));
        TimeSpan told = clock.Elapsed;
        foreach (StreamReader reader in readers)
            reader.Dispose();
        Say($"{Clients} clients join: {joined.TotalSeconds:0.0} s; memory {before} MB, then {after} MB: {(after - before) * 1024.0 / Clients:0} KB a client; {Clients * Messages / told.TotalSeconds:0} events a second to them");

        for (int i = 0; i < Posts; i++) // what is compiled while it runs is not what is measured
            await PostAsync(http, "warm", "delivered", group: "posts");
        foreach ((string order, string wait) in new[] { ("agreed", "delivered"), ("safe", "safe") })
            foreach (int connections in new[] { 1, 8 })
            {
                clock.Restart();
                await Task.WhenAll(Enumerable.Range(0, connections).Select(async _ =>
                {
                    for (int i = 0; i < Posts / connections; i++)
                        await PostAsync(http, new string('x', 100), wait, order, "posts");
                }));
                Say($"POST order={order}&wait={wait}, {connections} at a time: {Posts / clock.Elapsed.TotalSeconds:0} a second");
            }
    }

    private static async Task<bool> IsReadyAsync(HttpClient http)
    {
        try
        {
            using HttpResponseMessage ready = await http.GetAsync("/healthz/ready", Daemon.Ct);
            if (!ready.IsSuccessStatusCode)
                return false;
            // A group for the posts, with one member that nobody reads for longer than its grace.
            using HttpResponseMessage member = await http.GetAsync("/v1/groups/posts/events?member=keeps&grace=10min", HttpCompletionOption.ResponseHeadersRead, Daemon.Ct);
            return member.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // does not listen yet
        }
    }

    private static async Task<StreamReader> JoinAsync(HttpClient http, string name)
    {
        HttpResponseMessage stream = await http.GetAsync($"/v1/groups/figures/events?member={name}", HttpCompletionOption.ResponseHeadersRead, Daemon.Ct);
        Assert.True(stream.IsSuccessStatusCode, name);
        StreamReader reader = new(await stream.Content.ReadAsStreamAsync(Daemon.Ct));
        while (await reader.ReadLineAsync(Daemon.Ct) is { } line)
            if (line == "event: view")
                return reader;
        throw new InvalidOperationException($"{name} was told no view");
    }

    /// <summary>The messages, which have to come in their order, up to the last one.</summary>
    private static async Task<int> CountAsync(StreamReader reader)
    {
        int count = 0;
        while (count < Messages && await reader.ReadLineAsync(Daemon.Ct) is { } line)
            if (line.Contains("\"text\":", StringComparison.Ordinal))
                Assert.Contains($"\"text\":\"m{++count:000}\"", line);
        return count;
    }

    private static async Task PostAsync(HttpClient http, string text, string wait, string order = "agreed", string group = "figures")
    {
        using HttpResponseMessage answer = await http.PostAsync($"/v1/groups/{group}/messages?order={order}&wait={wait}&timeout=60s", new StringContent(text), Daemon.Ct);
        Assert.Equal(200, (int)answer.StatusCode);
    }

    private static long Resident(Process process)
    {
        process.Refresh();
        return process.WorkingSet64 >> 20;
    }

    private void Say(FormattableString text) => output.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
