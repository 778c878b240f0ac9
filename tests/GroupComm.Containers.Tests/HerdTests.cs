using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Containers.Tests.Cluster;
using Xunit;

namespace GroupComm.Containers.Tests;

/// <summary>Many come and go at once, or one after the other as a deployment does.</summary>
[Collection(Run.OneAtATime)]
public sealed class HerdTests(NodeImage image)
{
    [Fact]
    public async Task Seven_start_at_once_and_leave_at_once()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        await using GroupCommCluster cluster = await image.Cluster().WithNodes(7).WithLoad("stock:30:agreed").StartAsync(ct);
        await cluster.RecoversAsync(ct);
        long[] codes = await Task.WhenAll(Enumerable.Range(1, 7).Select(node => cluster.StopAsync(node, ct)));
        Assert.All(codes, code => Assert.Equal(0, code));
        await cluster.JudgeAsync(ct);
    }

    [Fact]
    public async Task Two_join_a_cluster_at_once_and_a_rolling_restart_changes_all()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        await using GroupCommCluster cluster = await image.Cluster().WithLateNodes(2).WithLoad("stock:100:safe").StartAsync(ct);
        await cluster.SettleAsync(ct: ct);
        await Task.WhenAll(new[] { 4, 5 }.Select(node => cluster.RestartAsync(node, ct)));
        await cluster.SettleAsync(ct: ct);
        for (int node = 1; node <= 5; node++)
        {
            Assert.Equal(0, await cluster.StopAsync(node, ct));
            await cluster.SettleAsync(ct: ct);
            await cluster.RestartAsync(node, ct);
            await cluster.SettleAsync(ct: ct);
        }
        await cluster.JudgeAsync(ct);
    }
}
