using System.Threading;
using System.Threading.Tasks;
using GroupComm.Containers.Tests.Cluster;
using Xunit;

namespace GroupComm.Containers.Tests;

[Collection(Run.Beside)]
public sealed class StopTests(NodeImage image)
{
    [Fact]
    public async Task A_stopped_container_leaves_with_0_and_the_others_are_told_that_it_left()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        await using GroupCommCluster cluster = await image.Cluster().WithLoad("stock:50").StartAsync(ct);
        await cluster[1].TracesAsync("deliver", 50, ct);
        Assert.Equal(0, await cluster.StopAsync(3, ct));
        foreach (int other in new[] { 1, 2 })
            await cluster[other].SeesAsync(@"View 2: n\d#\d+ n\d#\d+; left: n3#\d+ \(left\)", ct);
        Assert.Equal(0, await cluster.StopAsync(2, ct));
        await cluster[1].SeesAsync(@"View 3: n1#\d+; left: n2#\d+ \(left\)", ct);
        Assert.Equal(0, await cluster.StopAsync(1, ct));
        await cluster.JudgeAsync(ct);
    }
}
