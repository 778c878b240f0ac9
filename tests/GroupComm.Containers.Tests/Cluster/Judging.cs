using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace GroupComm.Containers.Tests.Cluster;

internal static class Judging
{
    /// <summary>Every law held in all that happened so far.</summary>
    public static async Task JudgeAsync(this GroupCommCluster cluster, CancellationToken ct)
    {
        ClusterVerdict verdict = await cluster.VerdictAsync(ct);
        Assert.True(verdict.Ok, verdict.Text);
    }

    /// <summary>All that run are together again, messages flow, and every law held.</summary>
    public static async Task<long> RecoversAsync(this GroupCommCluster cluster, CancellationToken ct)
    {
        long view = await cluster.SettleAsync(flows: true, ct);
        await cluster.JudgeAsync(ct);
        return view;
    }

    /// <summary>The number of the coordinator, who is the sequencer too: the first of the view.</summary>
    public static async Task<int> CoordinatorAsync(this GroupCommCluster cluster, CancellationToken ct)
    {
        foreach (GroupCommContainer node in cluster.Running)
        {
            (_, string members) = await node.ViewAsync(ct);
            return int.Parse(members.Split('#')[0][1..], System.Globalization.CultureInfo.InvariantCulture);
        }
        throw new Xunit.Sdk.XunitException("no node runs");
    }
}
