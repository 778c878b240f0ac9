using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Containers.Tests.Cluster;
using Xunit;

namespace GroupComm.Containers.Tests.AsPublished;

/// <summary>The published daemon is trimmed (docs/decisions/0050): what it promises of its size, and that nothing is missing.</summary>
[Collection(Run.Beside)]
public sealed class AsPublishedTests(NodeImage image, ITestOutputHelper output)
{
    private const double MostMegabytes = 60;

    // Ten times the promise, of the best of three: on a busy machine the clock tells of the neighbours.
    private static readonly TimeSpan s_longestStart = TimeSpan.FromSeconds(5);

    // What the start left behind is given back at the second look of ten seconds; on a busy machine the compiler is not done by then.
    private static readonly TimeSpan s_calm = TimeSpan.FromSeconds(21);
    private const int LooksAtMost = 90, LooksInARow = 5;

    [Fact]
    public async Task It_starts_at_once_and_idles_under_60_MB()
    {
        Prepare();
        TimeSpan best = TimeSpan.MaxValue;
        for (int i = 0; i < 2; i++)
            await using (PublishedDaemon daemon = await PublishedDaemon.StartAsync("--name", "n1", "--listen", "127.0.0.1:0"))
                best = daemon.Start < best ? daemon.Start : best;
        await using PublishedDaemon idle = await PublishedDaemon.StartAsync("--name", "n1", "--listen", "127.0.0.1:0");
        best = idle.Start < best ? idle.Start : best;
        Assert.True(best < s_longestStart, $"not ready within {best}");
        await Task.Delay(s_calm, PublishedDaemon.Ct);
        double resident = 0;
        int row = 0;
        for (int i = 0; i < LooksAtMost && row < LooksInARow; i++)
        {
            await idle.Http.GetStringAsync("/healthz/ready", PublishedDaemon.Ct); // as a prober does
            await Task.Delay(1000, PublishedDaemon.Ct);
            resident = idle.Megabytes;
            row = resident < MostMegabytes ? row + 1 : 0;
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ready after {best.TotalSeconds:0.00} s, {resident:0.0} MB resident"));
        Assert.True(row == LooksInARow, string.Create(CultureInfo.InvariantCulture, $"{resident:0.0} MB resident"));
    }

    [Fact]
    public async Task Every_path_and_every_command_works()
    {
        Prepare();
        int[] ports = [PublishedDaemon.FreePort(), PublishedDaemon.FreePort()];
        string[] Of(int node) => ["--name", $"n{node + 1}", "--listen", $"127.0.0.1:{ports[node]}", "--seed", $"127.0.0.1:{ports[1 - node]}", "--expected-nodes", "2", "--otlp", "http://127.0.0.1:1"];
        PublishedDaemon[] both = await Task.WhenAll(PublishedDaemon.StartAsync(Of(0)), PublishedDaemon.StartAsync(Of(1)));
        await using PublishedDaemon daemon = both[0], other = both[1];

        // Events are read to the end of the test; what is sent below is in them.
        Task<string> joined = daemon.RunAsync("from the pipe\n", "join", "g", "--member", "piped");
        Assert.Contains("\"text\":\"from the pipe\"", await joined);
        using HttpRequestMessage join = new(HttpMethod.Get, "/v1/groups/g/events?member=alice");
        using HttpResponseMessage stream = await daemon.Http.SendAsync(join, HttpCompletionOption.ResponseHeadersRead, PublishedDaemon.Ct);
        using StreamReader events = new(await stream.Content.ReadAsStreamAsync(PublishedDaemon.Ct));
        using HttpResponseMessage sent = await daemon.Http.PostAsync("/v1/groups/g/messages?order=safe&wait=safe", new StringContent("hello"), PublishedDaemon.Ct);
        Assert.Contains("\"stage\":\"safe\"", await sent.Content.ReadAsStringAsync(PublishedDaemon.Ct));
        Assert.Contains("accepted", await other.RunAsync("", "send", "g", "one", "two", "--wait", "accepted", "--json"));
        foreach (string text in new[] { "hello", "one", "two" })
            await UntilAsync(events, $"\"text\":\"{text}\"");

        foreach ((string path, string part) in new[]
        {
            ("/healthz/live", "alive"), ("/healthz/ready", "ready"), ("/metrics", "groupcomm_messages_delivered_total"), ("/v1/view", "\"primary\":true"), ("/v1/groups", "\"g\""),
            ("/v1/groups/g", "fencingToken"), ("/v1/explain", "summary"), ("/v1/trace", "deliveries"), ("/v1/live?frames=1", "snapshot"), ("/page/main.js", "import"), ("/", "/healthz/ready"),
        })
            Assert.Contains(part, await daemon.Http.GetStringAsync(path, PublishedDaemon.Ct));
        Assert.Contains("\"code\":\"unknown-order\"", await (await daemon.Http.PostAsync("/v1/groups/g/messages?order=x", null, PublishedDaemon.Ct)).Content.ReadAsStringAsync(PublishedDaemon.Ct));
        using (ClientWebSocket socket = new())
            await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{daemon.Port}/v1/gateway"), PublishedDaemon.Ct);

        // What the nodes tell the page are typed messages, whose serializers are made at run time.
        using (StreamReader live = new(await daemon.Http.GetStreamAsync("/v1/live?peers=true", PublishedDaemon.Ct)))
            await UntilAsync(live, @"""rttMs"":\d");

        foreach (string command in new[] { "view", "groups", "explain", "top", "health" })
        {
            Assert.NotEmpty(await daemon.RunAsync("", command));
            Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(await daemon.RunAsync("", command, "--json")).RootElement.ValueKind);
        }
        string folder = Directory.CreateTempSubdirectory("groupcomm-published-").FullName;
        try
        {
            await daemon.RunAsync("", "cert", "init", "--dir", folder);
            await daemon.RunAsync("", "cert", "issue", "n1", "--dir", folder);
            Assert.Contains("n1.pem", Directory.GetFiles(folder).Select(Path.GetFileName));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        Assert.Contains("\"violations\":[]", await daemon.RunAsync("", "simulate", "--seeds", "1..20", "--json"));
        Assert.Contains("\"ok\":true", await daemon.RunAsync("", "demo", "--messages", "200", "--no-throughput", "--json"));
        Assert.Equal(0, await daemon.LeaveAsync());
    }

    private void Prepare()
    {
        _ = image.Image; // published, or a skip
        Assert.SkipUnless(OperatingSystem.IsLinux(), "published for Linux");
    }

    private static async Task UntilAsync(StreamReader lines, string pattern)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(PublishedDaemon.Ct);
        late.CancelAfter(PublishedDaemon.Limit);
        while (await lines.ReadLineAsync(late.Token) is { } line)
            if (Regex.IsMatch(line, pattern))
                return;
        Assert.Fail($"the stream ended before {pattern}");
    }
}
