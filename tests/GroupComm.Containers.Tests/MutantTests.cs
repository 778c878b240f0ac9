using System;
using System.Diagnostics;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Containers.Tests.Cluster;
using Xunit;

namespace GroupComm.Containers.Tests;

/// <summary>Images of nodes that break a rule on purpose: the traces of containers must show it.</summary>
[Collection(Run.Beside)]
public sealed class MutantTests(NodeImage image)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task Safe_on_own_acknowledgement_is_found()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        await using GroupCommCluster cluster = await StartAsync("safe-on-own-ack", "safe", ct);
        // Alone, the sequencer goes on to number its messages, holds them to be safe, and delivers what nobody else ever will.
        await cluster.CutAsync([await cluster.CoordinatorAsync(ct)], ct);
        await FoundAsync(cluster, ct, "VS-16", "VS-17");
    }

    [Fact]
    public async Task No_majority_is_found()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        await using GroupCommCluster cluster = await StartAsync("no-majority", "agreed", ct);
        // One of three is alone and must wait. Its dials are refused: who is only silent, as after a cut or when a dead container took its
        // address along, is given so much time that no wrong view follows.
        foreach (int other in new[] { 1, 2 })
        {
            string address = await cluster[other].AddressAsync(ct);
            (long code, string text) = await cluster[3].RunAsync(["iptables", "-A", "OUTPUT", "-p", "tcp", "-d", address, "-j", "REJECT", "--reject-with", "tcp-reset"], ct);
            Assert.True(code == 0, text);
        }
        // The nodes look at themselves too: a broken invariant ends them before the traces can show more.
        await FoundAsync(cluster, ct, "VS-4", "VS-5");
    }

    [Fact]
    public async Task Send_after_wedge_is_found()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        await using GroupCommCluster cluster = await StartAsync("send-after-wedge", "agreed", ct);
        // The coordinator stops the view for the dead one and waits for the report of the one that stands still: wedged for a second.
        int coordinator = await cluster.CoordinatorAsync(ct);
        int still = coordinator == 1 ? 2 : 1;
        await cluster.PauseAsync(still, ct);
        await cluster.KillAsync(6 - coordinator - still, ct);
        await Task.Delay(TimeSpan.FromSeconds(1), ct);
        await cluster.ResumeAsync(still, ct);
        await FoundAsync(cluster, ct, "VS-20");
    }

    private async Task<GroupCommCluster> StartAsync(string mutant, string order, CancellationToken ct)
    {
        GroupCommCluster cluster = await (await image.MutantsAsync(mutant)).WithLoad($"stock:500:{order}").WithSuspicionTimeout(TimeSpan.FromSeconds(2)).StartAsync(ct);
        await cluster[1].SeesAsync($"MUTANT BUILD.*'{mutant}'", ct);
        await cluster[1].TracesAsync("deliver", 500, ct);
        await cluster.SettleAsync(ct: ct); // on a busy machine one may just have been out
        return cluster;
    }

    /// <summary>A law is named, by the checker or by a node of itself.</summary>
    private static async Task FoundAsync(GroupCommCluster cluster, CancellationToken ct, params string[] laws)
    {
        ClusterVerdict verdict;
        var late = Stopwatch.StartNew();
        while ((verdict = await cluster.VerdictAsync(ct)).Ok) // it takes the others a while to go on without the one
        {
            if (late.Elapsed > s_limit)
                Assert.Fail("the traces show nothing wrong; the logs of those that run:\n"
                    + string.Join('\n', await Task.WhenAll(cluster.Running.Select(node => node.ReadLogAsync(ct)))));
            await Task.Delay(TimeSpan.FromSeconds(1), ct);
        }
        TestContext.Current.TestOutputHelper!.WriteLine(verdict.Text);
        Assert.Contains(laws, law => Regex.IsMatch(verdict.Text, $@"\b{law}\b"));
    }
}
