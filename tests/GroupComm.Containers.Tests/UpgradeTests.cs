using System.Threading;
using System.Threading.Tasks;
using DotNet.Testcontainers.Images;
using GroupComm.Containers.Tests.Cluster;
using Xunit;

namespace GroupComm.Containers.Tests;

/// <summary>A new version takes the place of the old one, node after node, while messages flow.</summary>
[Collection(Run.Beside)]
public sealed class UpgradeTests(NodeImage image)
{
    [Fact]
    public async Task A_rolling_restart_with_a_new_image_raises_the_feature_level_with_its_last_node()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        await using GroupCommCluster cluster = await image.Cluster().WithLoad("stock:200:safe:state-mib=1").StartAsync(ct);
        IImage next = await image.NextVersionAsync();
        await cluster.SettleAsync(ct: ct);
        foreach (int node in new[] { 2, 1, 3 })
        {
            Assert.DoesNotContain("has feature level", await cluster[3].ReadLogAsync(ct)); // one that cannot is still there
            Assert.Equal(0, await cluster.ReplaceAsync(node, next, ct));
            await cluster.RecoversAsync(ct);
            Assert.Contains($"GroupComm {NodeImage.NextVersion}, ", await cluster[node].ReadLogAsync(ct));
        }
        foreach (GroupCommContainer node in cluster.Nodes)
            await node.SeesAsync(@"View \d+ has feature level 2: .* this one can speak 2", ct);

        // The old one again: the level falls with its first node, and nobody is refused.
        await cluster.ReplaceAsync(2, image.Image, ct);
        await cluster[1].SeesAsync(@"View \d+ has feature level 1: .* this one can speak 2", ct);
        await cluster.RecoversAsync(ct);
    }
}
