using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Xunit;

namespace GroupComm.Daemon.Tests;

/// <summary>Short runs: what is measured is checked, how fast it is depends on the machine.</summary>
public class BenchTests
{
    [Fact]
    public async Task Nodes_are_given_the_same_and_the_keys_are_those_of_the_contract()
    {
        Ran ran = await Cli.RunAsync("bench", "--size", "64,4096", "--seconds", "0.2", "--rounds", "1", "--json");

        Assert.True(ran.Code == 0, ran.Error);
        using JsonDocument json = JsonDocument.Parse(ran.Output);
        JsonElement[] results = [.. json.RootElement.GetProperty("results").EnumerateArray()];
        Assert.Equal(["groupcomm 64", "raw 64", "groupcomm 4096", "raw 4096"], results.Select(each => $"{each.GetProperty("system").GetString()} {each.GetProperty("size").GetInt32()}"));
        foreach (JsonElement result in results)
        {
            Assert.Equal(3, result.GetProperty("nodes").GetInt32());
            foreach (string key in (string[])["perNodePerSecond", "mbPerSecond", "cpuMicrosPerDelivery", "ratioToRaw", "rssMiB"])
                Assert.True(result.GetProperty(key).GetDouble() > 0, key);
            Assert.True(result.GetProperty("bytesAllocatedPerMessage").GetDouble() >= 0);
            Assert.Equal(3, result.GetProperty("deliveredHash").GetArrayLength());
        }
        Assert.Single(results[0].GetProperty("deliveredHash").EnumerateArray().Select(each => each.GetString()).Distinct());
    }

    [Fact]
    public async Task Latency_is_measured_from_the_sequencer_and_from_another_node_beside_a_round_trip()
    {
        Ran ran = await Cli.RunAsync("bench", "--latency", "--size", "64", "--rounds", "1", "--json");

        Assert.True(ran.Code == 0, ran.Error);
        using JsonDocument json = JsonDocument.Parse(ran.Output);
        JsonElement[] results = [.. json.RootElement.GetProperty("results").EnumerateArray()];
        Assert.Equal(3, results.Length);
        foreach (JsonElement result in results)
        {
            Assert.InRange(result.GetProperty("latency").GetProperty("p50").GetDouble(), 1, result.GetProperty("latency").GetProperty("p999").GetDouble());
            Assert.True(result.GetProperty("roundTrip").GetProperty("p50").GetDouble() > 1);
        }
    }

    [Fact]
    public async Task A_joiner_gets_all_of_the_state()
    {
        Ran ran = await Cli.RunAsync("bench", "--state-transfer", "3000000", "--seconds", "0.2", "--rounds", "1", "--json");

        Assert.True(ran.Code == 0, ran.Error);
        using JsonDocument json = JsonDocument.Parse(ran.Output);
        JsonElement ours = json.RootElement.GetProperty("results")[0];
        Assert.True(ours.GetProperty("mbPerSecond").GetDouble() > 0);
        Assert.True(ours.GetProperty("stateTransfer").GetProperty("p50").GetDouble() > 0);
    }

    [Fact]
    public async Task A_report_is_one_page_with_a_chart_and_nothing_from_elsewhere()
    {
        using TemporaryDirectory directory = new();
        string page = System.IO.Path.Combine(directory.Path, "report.html");

        Ran ran = await Cli.RunAsync("bench", "--size", "64", "--seconds", "0.1", "--rounds", "1", "--in-process", "--html", page);

        Assert.True(ran.Code == 0, ran.Error);
        string html = await System.IO.File.ReadAllTextAsync(page, TestContext.Current.CancellationToken);
        Assert.Contains("<svg", html);
        Assert.Contains("prefers-color-scheme: dark", html);
        Assert.DoesNotContain("<script", html);
        Assert.DoesNotContain("src=", html);
        Assert.Contains("groupcomm", ran.Output);
    }
}
