using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Containers.Tests.Cluster;
using Xunit;

namespace GroupComm.Containers.Tests;

/// <summary>Nodes as containers, on a network that is not loopback, with the clocks and the process table of their own.</summary>
public sealed class CrashTests(NodeImage image)
{
    [Theory]
    [InlineData("causal")]
    [InlineData("safe")]
    public async Task A_node_killed_under_load_leaves_survivors_that_agree(string order)
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        await using NodeCluster cluster = await NodeCluster.StartAsync(image.Need(), 3, $"stock:300:{order}", ct);
        await cluster[3].TracesAsync("deliver", 600, ct);
        Assert.Equal(128 + 9, await cluster.KillAsync(2, ct));
        foreach (int survivor in new[] { 1, 3 })
        {
            Assert.DoesNotContain("n2#", (await cluster[survivor].SeesAsync("View 2: ", ct)).Split("left:")[0]);
            // The group goes on in the view without the dead one.
            await cluster[survivor].SeesAsync(@"Group stock view 2\.\d+ .*: n\d#\d+/\S+ n\d#\d+/\S+\s*$", ct);
        }
        int before = Count(await cluster[1].TraceAsync(ct));
        await cluster[1].TracesAsync("deliver", before + 600, ct);
        Assert.Equal(0, await cluster[3].StopAsync(ct));
        Assert.Equal(0, await cluster[1].StopAsync(ct));
        (int code, string text) = await cluster.VerdictAsync(ct);
        Assert.True(code == 0, text);
        Assert.Contains("3 processes", text);
        Assert.Contains("1 harness line", text);
    }

    private static int Count(string trace) => Regex.Count(trace, "\"ev\":\"deliver\"");
}
