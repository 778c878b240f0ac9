using System;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Containers.Tests.Cluster;
using Xunit;

namespace GroupComm.Containers.Tests;

/// <summary>One node whose handler takes its time, or never comes to an end.</summary>
[Collection(Run.Beside)]
public sealed class ConsumerTests(NodeImage image)
{
    private const string Load = "stock:200:agreed:bytes=8000";

    [Fact]
    public async Task A_slow_consumer_slows_the_senders_to_its_pace_and_nobody_is_excluded()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        // Fifty messages a second are consumed of six hundred that are to be sent; a window holds thirty.
        await using GroupCommCluster cluster = await image.Cluster().WithLoad(Load).WithServeArgumentsOf(3, "--load", $"{Load}:handler-ms=20")
            .WithContainer((container, _) => container.WithEnvironment("GROUPCOMM__SendWindow", "262144")).StartAsync(ct);
        await cluster.SettleAsync(ct: ct);
        double held = await RateAsync(cluster, rate => rate >= 5, ct);
        Assert.InRange(held, 5, 150);
        await cluster.JudgeAsync(ct);
        Assert.All(cluster.Nodes.Select(node => node.ReadLogAsync(ct)), log => Assert.DoesNotContain("Suspects", log.Result));

        Assert.Equal(0, await cluster.StopAsync(3, ct));
        await cluster.SettleAsync(ct: ct);
        double free = await RateAsync(cluster, rate => rate > 2 * held, ct);
        Assert.True(free > 2 * held, $"{held:0} messages a second with the slow one, {free:0} without");
        await cluster.JudgeAsync(ct);
    }

    [Fact]
    public async Task A_consumer_that_stands_still_is_removed_from_its_group_and_the_others_go_on()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        await using GroupCommCluster cluster = await image.Cluster().WithLoad(Load).WithServeArgumentsOf(3, "--load", $"{Load}:handler-ms=600000:patience-ms=2000").StartAsync(ct);
        await cluster[3].SeesAsync("it is removed from the group, reason slow consumer", ct);
        foreach (int other in new[] { 1, 2 })
            await cluster[other].SeesAsync(@"Group stock view \S+ \(slow consumer\): n[12]#\d+/\S+ n[12]#\d+/\S+\s*$", ct);
        int before = await cluster[1].CountAsync("deliver", ct);
        await cluster[1].TracesAsync("deliver", before + 500, ct);
        await cluster.JudgeAsync(ct);
        // Its node is still one of the cluster.
        (_, string view) = await cluster[3].RunAsync(["groupcomm", "health"], ct);
        Assert.Contains("ready", view);
        Assert.Equal(0, await cluster.StopAsync(3, ct));
        await cluster.JudgeAsync(ct);
    }

    /// <summary>Messages that the first node delivers in a second; on a busy machine the first seconds say little.</summary>
    private static async Task<double> RateAsync(GroupCommCluster cluster, Func<double, bool> enough, CancellationToken ct)
    {
        double rate = 0;
        for (int i = 0; i < 10 && !enough(rate); i++)
        {
            var clock = Stopwatch.StartNew();
            int before = await cluster[1].CountAsync("deliver", ct);
            await Task.Delay(TimeSpan.FromSeconds(4), ct);
            rate = (await cluster[1].CountAsync("deliver", ct) - before) / clock.Elapsed.TotalSeconds;
        }
        return rate;
    }
}
