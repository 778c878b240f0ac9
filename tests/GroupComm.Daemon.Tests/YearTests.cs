using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using GroupComm.Daemon.Availability;
using GroupComm.Daemon.Latency;
using Xunit;

namespace GroupComm.Daemon.Tests;

public class AvailabilityTests
{
    [Theory]
    [InlineData("dc", 3, 64)]
    [InlineData("wan-low", 3, 1020)]
    [InlineData("wan-high", 3, 5140)]
    [InlineData("dc", 5, 0.00014)]
    [InlineData("wan-low", 5, 0.037)]
    [InlineData("wan-high", 5, 0.94)]
    public void Played_and_solved_agree_with_the_known_figures(string profile, int nodes, double seconds)
    {
        AvailabilityRun run = AvailabilityRun.Play(LinkProfile.All.Single(each => each.Name == profile), nodes, TimeSpan.FromMinutes(5), 5000, TimeSpan.FromSeconds(1.5), 1);
        Assert.InRange(run.Solved.NoPrimarySeconds / seconds, 0.96, 1.04);
        Assert.InRange(run.Simulated.NoPrimarySeconds / run.Solved.NoPrimarySeconds, 0.9, 1.1);
        Assert.InRange(run.Stalled / run.StalledSolved, 0.9, 1.1);
    }

    [Fact]
    public void Cycles_with_likely_failures_give_what_plain_years_give()
    {
        LinkModel model = LinkModel.Of(LinkProfile.All[2], 3, TimeSpan.FromMinutes(5));
        double plain = new LinkSimulation(model, 3).Play(3000).NoPrimarySeconds, weighed = new LinkSimulation(model, 4).PlayCycles(300_000).NoPrimarySeconds;
        Assert.InRange(weighed / plain, 0.93, 1.07);
    }

    [Fact]
    public void Json_and_chart_have_the_figures()
    {
        using TemporaryDirectory directory = new();
        string chart = Path.Combine(directory.Path, "c.svg");
        Ran ran = Cli.InProcess("availability", "--profile", "wan-high", "--nodes", "3", "--repair", "10min", "--years", "3000", "--json", "--chart", chart);
        Assert.True(ran.Code == 0, ran.Output + ran.Error);
        using JsonDocument json = JsonDocument.Parse(ran.Output);
        Assert.Equal("wan-high", json.RootElement.GetProperty("profile").GetString());
        Assert.True(json.RootElement.GetProperty("noPrimarySecondsPerYear").GetDouble() > 1000);
        Assert.True(json.RootElement.GetProperty("stalledSecondsPerYear").GetDouble() > 100);
        Assert.StartsWith("<svg", File.ReadAllText(chart));
    }

    [Theory]
    [InlineData("--repair 'soon' is no time", "--repair", "soon")]
    [InlineData("--profile 'lan' is unknown", "--profile", "lan")]
    [InlineData("--nodes is out of range: 2 to 9", "--nodes", "1")]
    public void Bad_usage_says_what_to_do(string says, params string[] args)
    {
        Ran ran = Cli.InProcess(["availability", .. args]);
        Assert.Equal(2, ran.Code);
        Assert.Contains(says, Assert.Single(ran.ErrorLines));
    }
}

public class LatencyTests
{
    [Fact]
    public void Orders_take_their_hops_of_the_years_network()
    {
        var now = Prediction.In(2026, 3, TimeSpan.FromSeconds(1)).ToDictionary(each => each.Name);
        Assert.Equal(2 * now["fifo"].DataCenter, now["agreed"].DataCenter);
        Assert.Equal(now["fifo"].DataCenter, now["causal"].DataCenter);
        Assert.Equal(3, Prediction.In(2026, 4, TimeSpan.FromSeconds(1)).Single(each => each.Name == "safe").Hops);
        Assert.InRange(now["fifo"].Ocean, 75e6, 76e6);
        Assert.True(Prediction.In(2001, 3, TimeSpan.FromSeconds(1))[0].DataCenter > now["fifo"].DataCenter);
        Assert.Contains("agreed", Cli.InProcess("latency", "--year", "2010").Output);
        Assert.Equal(2, Cli.InProcess("latency", "--year", "1969").Code);
    }

    [Fact]
    public void The_page_in_the_docs_is_what_the_command_writes()
    {
        string at = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(at, "GroupComm.sln")))
            at = Path.GetDirectoryName(at)!;
        Assert.Equal(File.ReadAllText(Path.Combine(at, "docs", "latency.html")), LatencyPage.Html(3, TimeSpan.FromSeconds(1)));
    }
}
