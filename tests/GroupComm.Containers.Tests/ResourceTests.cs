using System;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Containers.Tests.Cluster;
using Xunit;

namespace GroupComm.Containers.Tests;

/// <summary>What a machine does not give: room on the disk, memory, the right cluster.</summary>
[Collection(Run.OneAtATime)]
public sealed class ResourceTests(NodeImage image)
{
    [Fact]
    public async Task A_node_whose_disk_is_full_says_so_and_goes_on_without_its_trace()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        await using GroupCommCluster cluster = await image.Cluster().WithLoad("stock:200:safe").WithTraceSpace(2, 512 << 10).StartAsync(ct);
        await cluster[2].SeesAsync(@"The trace file takes no more lines \(No space left on device.*n2#\d+ goes on without a trace", ct);
        int before = await cluster[1].CountAsync("deliver", ct);
        await cluster[1].TracesAsync("deliver", before + 2000, ct);
        (_, string last) = await cluster[2].RunAsync(["tail", "-n", "1", "/traces/node.jsonl"], ct);
        Assert.StartsWith("{\"ev\":\"untraced\"", last, StringComparison.Ordinal);
        (_, string heard) = await cluster[1].RunAsync(["sh", "-c", "tail -n 500 /traces/node.jsonl | grep deliver | grep -c '\"id\":\"n2#'"], ct);
        Assert.True(int.Parse(heard.Trim(), System.Globalization.CultureInfo.InvariantCulture) > 50, "nothing of the node without a trace arrives any more");
        await cluster.JudgeAsync(ct);
        Assert.Equal(0, await cluster.StopAsync(2, ct));
        Assert.Single(System.Text.RegularExpressions.Regex.Matches(await cluster[2].ReadLogAsync(ct), "takes no more lines"));
    }

    [Fact]
    public async Task Nodes_under_load_stay_within_256_MiB()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        await using GroupCommCluster cluster = await image.Cluster().WithMemoryLimit(256 << 20).WithLoad("stock:5000:agreed").StartAsync(ct);
        for (int i = 0; i < Run.Times(2, 20); i++)
        {
            await Task.Delay(TimeSpan.FromSeconds(4), ct);
            // What a node that gets no time has not acknowledged, the others keep.
            await cluster.PauseAsync(3, ct);
            await Task.Delay(TimeSpan.FromSeconds(3), ct);
            await cluster.ResumeAsync(3, ct);
        }
        await cluster.RecoversAsync(ct);
        foreach (GroupCommContainer node in cluster.Nodes)
            Assert.Equal(GroupCommContainerState.Runs, node.State);
    }

    [Fact]
    public async Task Nodes_see_the_limits_of_their_container_and_share_half_a_processor()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        await using GroupCommCluster cluster = await image.Cluster().WithMemoryLimit(128 << 20).WithCpuLimit(0.5).WithLoad("stock:200:safe").StartAsync(ct);
        await cluster.SettleAsync(ct: ct);
        await Task.Delay(TimeSpan.FromSeconds(Run.Times(4, 60)), ct);
        await cluster.RecoversAsync(ct);
        foreach (GroupCommContainer node in cluster.Nodes)
        {
            Assert.Matches(@"GroupComm \d\S*, processors: 1, memory for the heap: 96 MiB", await node.ReadLogAsync(ct));
            Assert.Equal(GroupCommContainerState.Runs, node.State);
            // Half a processor is enough: nobody was silent for as long as the suspicion time.
            Assert.DoesNotContain("Suspects", await node.ReadLogAsync(ct));
        }
    }

    [Fact]
    public async Task A_cluster_pointed_at_another_is_refused_and_named()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        await using GroupCommCluster cluster = await image.Cluster().WithCluster("red").WithLateNodes(1).WithLoad("stock:50")
            .WithServeArgumentsOf(4, "--cluster", "blue").StartAsync(ct);
        await cluster.SettleAsync(ct: ct);
        await cluster[4].StartAsync(ct);
        Assert.Equal(3, await cluster[4].EndedAsync(ct));
        Assert.Matches("cluster.*(red|blue)", await cluster[4].ReadLogAsync(ct));
        await cluster.SettleAsync(ct: ct);
        await cluster.JudgeAsync(ct);
    }
}
