using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Containers.Tests.Cluster;
using GroupComm.Containers.Tests.Torture;
using GroupComm.Testing.Traces;

namespace GroupComm.Containers.Tests.Detection;

/// <summary>Nodes are killed and stopped in turn, each when all are together again; row R8 of the figures.</summary>
internal static class EndRun
{
    public static readonly TimeSpan Suspicion = TimeSpan.FromSeconds(1);

    public static async Task RunAsync(NodeImage image, DetectionPlan plan, EndCell cell, int nodes, TimeSpan suspicion, CancellationToken ct)
    {
        await using GroupCommCluster cluster = await image.Cluster().WithNodes(nodes).WithLoad("stock:100:agreed").WithSuspicionTimeout(suspicion).StartAsync(ct);
        List<(string Name, long At, bool Killed)> done = [];
        for (int i = 0; i < 2 * plan.Ends; i++)
        {
            await cluster.SettleAsync(ct: ct);
            int node = 1 + (i / 2 % nodes);
            done.Add(($"n{node}", GroupCommCluster.Now, i % 2 == 0));
            if (i % 2 == 0)
                await cluster.KillAsync(node, ct);
            else
                await cluster.PauseAsync(node, ct);
            await cluster.SettleAsync(flows: false, ct);
            if (i % 2 == 0)
                await cluster.RestartAsync(node, ct);
            else
                await cluster.ResumeAsync(node, ct);
        }
        await cluster.RecoversAsync(ct);
        History history = await cluster.HistoryAsync(ct);
        foreach ((string name, long at, bool killed) in done)
            (killed ? cell.Killed : cell.Paused).AddRange(TraceFigures.UntilView(history, name, at));
    }
}
