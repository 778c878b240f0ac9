using System;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Containers.Tests.Cluster;
using Xunit;

namespace GroupComm.Containers.Tests;

/// <summary>Images of nodes that break a rule on purpose: the traces of containers must show it.</summary>
[Collection(Run.OneAtATime)]
public sealed class MutantTests(NodeImage image)
{
    [Fact]
    public async Task Safe_on_own_acknowledgement_is_found()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        await using GroupCommCluster cluster = await StartAsync("safe-on-own-ack", "safe", ct);
        // Alone, the sequencer goes on to number its messages, holds them to be safe, and delivers what nobody else ever will.
        await cluster.CutAsync([await cluster.CoordinatorAsync(ct)], ct);
        await Task.Delay(TimeSpan.FromSeconds(4), ct);
        await FoundAsync(cluster, ct, "VS-16", "VS-17");
    }

    [Fact]
    public async Task No_majority_is_found()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        await using GroupCommCluster cluster = await StartAsync("no-majority", "agreed", ct);
        await cluster.CutAsync([3], ct);
        await Task.Delay(TimeSpan.FromSeconds(5), ct);
        await FoundAsync(cluster, ct, "VS-4", "VS-5");
    }

    [Fact]
    public async Task Send_after_wedge_is_found()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        await using GroupCommCluster cluster = await StartAsync("send-after-wedge", "agreed", ct);
        // A cut leaves the nodes wedged for a while.
        await cluster.CutAsync([3], ct);
        await Task.Delay(TimeSpan.FromSeconds(4), ct);
        await cluster.HealAsync(ct);
        await Task.Delay(TimeSpan.FromSeconds(2), ct);
        await FoundAsync(cluster, ct, "VS-20");
    }

    private async Task<GroupCommCluster> StartAsync(string mutant, string order, CancellationToken ct)
    {
        GroupCommCluster cluster = await (await image.MutantsAsync(mutant)).WithLoad($"stock:500:{order}").WithSuspicionTimeout(TimeSpan.FromSeconds(2)).StartAsync(ct);
        await cluster[1].SeesAsync($"MUTANT BUILD.*'{mutant}'", ct);
        await cluster[1].TracesAsync("deliver", 500, ct);
        return cluster;
    }

    private static async Task FoundAsync(GroupCommCluster cluster, CancellationToken ct, params string[] laws)
    {
        ClusterVerdict verdict = await cluster.VerdictAsync(ct);
        TestContext.Current.SendDiagnosticMessage(verdict.Text);
        Assert.False(verdict.Ok, "the traces show nothing wrong");
        Assert.Contains(laws, law => verdict.Text.Contains($"{law} ", StringComparison.Ordinal));
    }
}
