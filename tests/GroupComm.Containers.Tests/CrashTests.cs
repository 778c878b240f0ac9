using System;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Containers.Tests.Cluster;
using Xunit;

namespace GroupComm.Containers.Tests;

/// <summary>Nodes end without a word, as containers, on a network that is not loopback, with the process table of their own.</summary>
[Collection(Run.OneAtATime)]
public sealed class CrashTests(NodeImage image)
{
    private const long Sigkilled = 128 + 9;

    [Theory]
    [InlineData("causal")]
    [InlineData("safe")]
    public async Task A_node_killed_under_load_leaves_survivors_that_agree_and_comes_back(string order)
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        await using GroupCommCluster cluster = await image.Cluster().WithLoad($"stock:300:{order}").StartAsync(ct);
        await cluster[3].TracesAsync("deliver", 600, ct);
        Assert.Equal(Sigkilled, await cluster.KillAsync(2, ct));
        foreach (int survivor in new[] { 1, 3 })
        {
            Assert.DoesNotContain("n2#", (await cluster[survivor].SeesAsync("View 2: ", ct)).Split("left:")[0]);
            // The group goes on in the view without the dead one.
            await cluster[survivor].SeesAsync(@"Group stock view 2\.\d+ .*: n\d#\d+/\S+ n\d#\d+/\S+\s*$", ct);
        }
        await cluster.RecoversAsync(ct);
        await cluster.RestartAsync(2, ct);
        await cluster.RecoversAsync(ct);
        Assert.Equal(0, await cluster.StopAsync(3, ct));
        Assert.Equal(0, await cluster.StopAsync(1, ct));
        Assert.Equal(0, await cluster.StopAsync(2, ct));
        ClusterVerdict verdict = await cluster.VerdictAsync(ct);
        Assert.True(verdict.Ok, verdict.Text);
        Assert.Contains("4 processes", verdict.Text);
    }

    [Fact]
    public async Task The_coordinator_and_sequencer_killed_again_and_again_is_replaced()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        await using GroupCommCluster cluster = await image.Cluster().WithLoad("stock:300:agreed").StartAsync(ct);
        for (int i = 0; i < Run.Times(2, 10); i++)
        {
            await cluster.SettleAsync(ct: ct);
            int coordinator = await cluster.CoordinatorAsync(ct);
            await cluster.KillAsync(coordinator, ct);
            await cluster.SettleAsync(ct: ct);
            Assert.NotEqual(coordinator, await cluster.CoordinatorAsync(ct));
            await cluster.RestartAsync(coordinator, ct);
        }
        await cluster.RecoversAsync(ct);
    }

    [Fact]
    public async Task Two_of_five_killed_at_once_leave_three_that_go_on()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        await using GroupCommCluster cluster = await image.Cluster().WithNodes(5).WithLoad("stock:100:safe").StartAsync(ct);
        await cluster.SettleAsync(ct: ct);
        await cluster.KillAsync([1, 4], ct);
        await cluster.RecoversAsync(ct);
        await cluster.RestartAsync(4, ct);
        await cluster.RestartAsync(1, ct);
        await cluster.RecoversAsync(ct);
    }

    [Fact]
    public async Task A_node_restarted_twenty_times_under_its_name_is_a_new_life_each_time()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        await using GroupCommCluster cluster = await image.Cluster().WithLoad("stock:100:causal").StartAsync(ct);
        long before = await cluster.SettleAsync(ct: ct);
        for (int i = 0; i < 20; i++)
        {
            // Some die before they are in, some after.
            await Task.Delay(TimeSpan.FromMilliseconds(i * 40), ct);
            await cluster.RestartAsync(3, ct);
        }
        Assert.True(await cluster.RecoversAsync(ct) > before);
    }

    [Fact]
    public async Task All_killed_at_once_found_the_cluster_anew()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        await using GroupCommCluster cluster = await image.Cluster().WithLoad("stock:200:safe").StartAsync(ct);
        await cluster[1].TracesAsync("deliver", 300, ct);
        await cluster.KillAsync([1, 2, 3], ct);
        await cluster.JudgeAsync(ct);
        foreach (int node in new[] { 3, 1, 2 })
            await cluster.RestartAsync(node, ct);
        await cluster.RecoversAsync(ct);
    }
}
