using System;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Containers.Tests.Cluster;
using Xunit;

namespace GroupComm.Containers.Tests;

/// <summary>Packets that are dropped between nodes that run, and nodes that stand still. One cluster for each size: what a scenario leaves is where the next begins.</summary>
[Collection(Run.OneAtATime)]
public sealed class PartitionTests(NodeImage image)
{
    private static readonly TimeSpan s_suspicion = TimeSpan.FromSeconds(2);

    private GroupCommClusterBuilder Quick(int nodes, string order) =>
        image.Cluster().WithNodes(nodes).WithLoad($"stock:100:{order}").WithSuspicionTimeout(s_suspicion);

    [Fact]
    public async Task Three_nodes_survive_pauses_cuts_and_resets()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        await using GroupCommCluster cluster = await Quick(3, "agreed").StartAsync(ct);
        await cluster.SettleAsync(ct: ct);

        // A pause beyond the suspicion time, of a member and of the coordinator.
        foreach (int node in new[] { 3, await cluster.CoordinatorAsync(ct) })
        {
            await cluster.PauseAsync(node, ct);
            await cluster.SettleAsync(ct: ct);
            await cluster.ResumeAsync(node, ct);
            await cluster.RecoversAsync(ct);
        }

        // Alone, both ways: it says that it is not primary, and comes back.
        await cluster.CutAsync([2], ct);
        await cluster[2].SeesAsync("Not primary", ct);
        (long probe, string unfit) = await cluster[2].RunAsync(["groupcomm", "health"], ct);
        Assert.True(probe == 1, $"the probe of a node without a quorum ended with {probe}: {unfit}");
        await cluster[1].SeesAsync(@"View \d+: n\d#\d+ n\d#\d+; left: n2#", ct);
        await cluster.HealAsync(ct);
        await cluster.RecoversAsync(ct);

        // One way, each direction.
        await cluster.CutOneWayAsync([1], [2, 3], ct);
        await Task.Delay(s_suspicion * 2, ct);
        await cluster.HealAsync(ct);
        await cluster.RecoversAsync(ct);
        await cluster.CutOneWayAsync([1, 2], [3], ct);
        await Task.Delay(s_suspicion * 2, ct);
        await cluster.HealAsync(ct);
        await cluster.RecoversAsync(ct);

        // One pair only: the third hears both.
        await cluster.CutAsync([1], [2], ct);
        await Task.Delay(s_suspicion * 2, ct);
        await cluster.HealAsync(ct);
        await cluster.RecoversAsync(ct);

        // Again and again, some shorter than the suspicion time.
        for (int i = 0; i < Run.Times(5, 30); i++)
        {
            await cluster.CutAsync([1 + (i % 3)], ct);
            await Task.Delay(TimeSpan.FromMilliseconds(300 + (i * 700 % 3000)), ct);
            await cluster.HealAsync(ct);
            await Task.Delay(300, ct);
        }
        await cluster.RecoversAsync(ct);

        // Connections end by a reset.
        for (int i = 0; i < Run.Times(3, 20); i++)
            await cluster.ResetAsync(1 + (i % 3), ct);
        await cluster.RecoversAsync(ct);
    }

    [Fact]
    public async Task Half_and_half_of_four_one_half_at_most_goes_on()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        await using GroupCommCluster cluster = await Quick(4, "safe").StartAsync(ct);
        await cluster.SettleAsync(ct: ct);
        await cluster.CutAsync([1, 2], [3, 4], ct);
        // The half with the lowest rank has the tie; the other waits.
        int first = await cluster.CoordinatorAsync(ct);
        int other = first <= 2 ? 3 : 1;
        await cluster[other].SeesAsync("Not primary", ct);
        await cluster[first].SeesAsync(@"View \d+: n\d#\d+ n\d#\d+; left", ct);
        await cluster.JudgeAsync(ct);
        await cluster.HealAsync(ct);
        await cluster.RecoversAsync(ct);
    }

    [Fact]
    public async Task Five_nodes_survive_a_lost_minority_and_a_ring()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        await using GroupCommCluster cluster = await Quick(5, "causal").StartAsync(ct);
        await cluster.SettleAsync(ct: ct);
        await cluster.CutAsync([4, 5], ct);
        await cluster[1].SeesAsync(@"View \d+: n\d#\d+ n\d#\d+ n\d#\d+; left", ct);
        await cluster[5].SeesAsync("Not primary", ct);
        await cluster.HealAsync(ct);
        await cluster.RecoversAsync(ct);

        // Each hears itself and its two neighbours: majorities, no two of which are the same.
        for (int node = 1; node <= 5; node++)
            await cluster.CutAsync([node], [((node + 1) % 5) + 1], ct);
        await Task.Delay(s_suspicion * 3, ct);
        await cluster.HealAsync(ct);
        await cluster.RecoversAsync(ct);
    }
}
