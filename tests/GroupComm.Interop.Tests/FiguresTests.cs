using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Client.Puppet;
using Xunit;

namespace GroupComm.Interop.Tests;

/// <summary>
/// Messages a second and latency through the gateway, per language, beside the library in the process. With <c>GROUPCOMM_FIGURES</c> set to
/// how many messages (<c>dotnet cake --target=GatewayFigures</c>) it measures; without, it runs dry, so that the commands stay alive.
/// </summary>
public sealed class FiguresTests(Daemons daemons) : IClassFixture<Daemons>
{
    private const int Size = 64, ManyInFlight = 256, Dry = 512;

    private static readonly string[] s_clients = ["csharp-unix", "csharp-tcp", "csharp-websocket", "java-unix", "java-tcp", "c-unix", "c-tcp", "python-unix", "python-tcp", "node-unix", "node-tcp"];

    private static readonly int s_messages = int.TryParse(Environment.GetEnvironmentVariable("GROUPCOMM_FIGURES"), CultureInfo.InvariantCulture, out int messages) ? messages : Dry;

    private static int s_group;

    private sealed record Row(string Who, double PerSecond, double P50, double P99);

    [Fact]
    public async Task Every_client_beside_the_library_in_the_process()
    {
        await daemons.StartAsync();
        List<Row> rows = [];
        if (s_messages > Dry)
            await ClientAsync(Language.All.Single(language => language.Name == s_clients[0])); // warms the daemons: else who comes first is measured against cold ones
        foreach (Language language in Language.All.Where(each => s_clients.Contains(each.Name)))
        {
            if (s_messages == Dry && !language.Name.EndsWith("-unix", StringComparison.Ordinal))
                continue;
            language.Require();
            await language.PrepareAsync();
            rows.Add(await ClientAsync(language));
        }
        rows.Insert(0, await LibraryAsync());
        string table = string.Join('\n', rows.Select(row => string.Create(CultureInfo.InvariantCulture, $"| {row.Who} | {row.PerSecond:N0} | {row.PerSecond / rows[0].PerSecond:0.000} | {row.P50:N0} | {row.P99:N0} |")));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{Size} B, agreed, three nodes, {s_messages} messages\n\n| client | messages /s, {ManyInFlight} in flight | of the library | one in flight: p50, µs | p99, µs |\n|---|---|---|---|---|\n{table}");
        Assert.All(rows, row => Assert.True(row.PerSecond > 0 && row.P50 > 0 && row.P99 >= row.P50, $"{row}"));
    }

    /// <summary>A member at the second daemon, which does not give the numbers: two hops, as at most nodes.</summary>
    private async Task<Row> ClientAsync(Language language)
    {
        await using Puppet puppet = new(language);
        await puppet.DoAsync("a", "connect", new JsonObject { ["at"] = new JsonArray(daemons.Endpoint(1, language.Transport)), ["tell"] = 2 });
        await puppet.DoAsync("a", "join", new JsonObject { ["group"] = $"figures-{language.Name}-{Interlocked.Increment(ref s_group)}", ["member"] = "a" });
        return await MeasureAsync(language.Name, async (messages, inFlight) =>
        {
            JsonElement ran = await puppet.DoAsync("a", "bench", new JsonObject { ["messages"] = messages, ["size"] = Size, ["inFlight"] = inFlight });
            Assert.Equal(messages / inFlight * inFlight, ran.GetProperty("messages").GetInt32());
            return ran;
        });
    }

    /// <summary>In the place of the third daemon: as many nodes.</summary>
    private async Task<Row> LibraryAsync()
    {
        await daemons.KillAsync(2);
        GroupCommOptions options = new() { Cluster = "interop", Name = "library", Listen = "127.0.0.1:0", Seeds = { daemons.Peers(0), daemons.Peers(1) } };
        await using IGroupCommNode node = await GroupCommNode.StartAsync(options, TestContext.Current.CancellationToken);
        await node.WaitForPrimaryAsync(TestContext.Current.CancellationToken).WaitAsync(Puppet.Limit, TestContext.Current.CancellationToken);
        await using IGroup group = await node.JoinAsync("figures-library", g => g.RegisterBytes((_, _, _) => ValueTask.CompletedTask), TestContext.Current.CancellationToken);
        return await MeasureAsync("the library, in the process", async (messages, inFlight) =>
            JsonDocument.Parse((await Bench.RunAsync(group, messages, Size, inFlight, DeliveryOrder.Agreed)).ToJsonString()).RootElement);
    }

    /// <summary>Three times for the compilers, then for the figures; few enough at a time that an answer comes within the puppet's limit.</summary>
    private static async Task<Row> MeasureAsync(string who, Func<int, int, Task<JsonElement>> bench)
    {
        int few = Math.Max(32, s_messages / 8);
        for (int i = s_messages > Dry ? 0 : 2; i < 3; i++)
            await bench(s_messages, ManyInFlight);
        JsonElement many = await bench(s_messages, ManyInFlight);
        await bench(few, 1);
        JsonElement one = await bench(few, 1);
        return new Row(who, many.GetProperty("messages").GetInt32() / many.GetProperty("seconds").GetDouble(), one.GetProperty("p50").GetDouble(), one.GetProperty("p99").GetDouble());
    }
}
