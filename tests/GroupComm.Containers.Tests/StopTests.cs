using System.Threading;
using System.Threading.Tasks;
using GroupComm.Containers.Tests.Cluster;
using Xunit;

namespace GroupComm.Containers.Tests;

public sealed class StopTests(NodeImage image)
{
    [Fact]
    public async Task A_stopped_container_leaves_with_0_and_the_others_are_told_that_it_left()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        await using NodeCluster cluster = await NodeCluster.StartAsync(image.Need(), 3, "stock:50", ct);
        await cluster[1].TracesAsync("deliver", 50, ct);
        Assert.Equal(0, await cluster[3].StopAsync(ct));
        foreach (int other in new[] { 1, 2 })
            await cluster[other].SeesAsync(@"View 2: n\d#\d+ n\d#\d+; left: n3#\d+ \(left\)", ct);
        Assert.Equal(0, await cluster[2].StopAsync(ct));
        await cluster[1].SeesAsync(@"View 3: n1#\d+; left: n2#\d+ \(left\)", ct);
        Assert.Equal(0, await cluster[1].StopAsync(ct));
        (int code, string text) = await cluster.VerdictAsync(ct);
        Assert.True(code == 0, text);
    }
}
