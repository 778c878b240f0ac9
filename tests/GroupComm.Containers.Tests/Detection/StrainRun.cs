using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Containers.Tests.Cluster;
using GroupComm.Containers.Tests.Torture;
using GroupComm.Testing.Traces;
using Xunit;

namespace GroupComm.Containers.Tests.Detection;

/// <summary>Three nodes that are well, under a strain: every suspicion is a false one; row R10 of the figures.</summary>
internal static class StrainRun
{
    private const int Nodes = 3;
    private const int GarbageMiB = 400; // a second

    public static async Task RunAsync(NodeImage image, DetectionPlan plan, QuietCell cell, TimeSpan silence, Strain strain, CancellationToken ct)
    {
        string load = strain == Strain.Garbage ? $"stock:20:agreed:garbage-mib={GarbageMiB}" : "stock:20:agreed";
        await using GroupCommCluster cluster = await image.Cluster().WithNodes(Nodes).WithLoad(load).WithSuspicionTimeout(silence).StartAsync(ct);
        await cluster.SettleAsync(ct: ct);
        if (strain == Strain.Loss)
            foreach (GroupCommContainer node in cluster.Nodes)
            {
                (long code, string text) = await node.RunAsync(["iptables", "-A", "INPUT", "-p", "tcp", "-m", "statistic", "--mode", "random", "--probability", "0.01", "-j", "DROP"], ct);
                Assert.True(code == 0, $"no loss can be made here: {text}");
            }
        long begin = GroupCommCluster.Now;
        using (strain == Strain.FullCpu ? new Burner() : null)
            await Task.Delay(plan.Watch, ct);
        long end = GroupCommCluster.Now;
        History history = await cluster.HistoryAsync(ct);
        cell.MemberSeconds += Nodes * (end - begin) / 1e9;
        cell.Suspicions += TraceFigures.Count(history, TraceKind.Suspect, begin, end);
        cell.Excluded += TraceFigures.Departed(history, begin, end);
        await cluster.JudgeAsync(ct);
    }

    /// <summary>Two threads for each processor that never rest.</summary>
    private sealed class Burner : IDisposable
    {
        private readonly Thread[] _threads;
        private volatile bool _over;

        public Burner()
        {
            _threads = [.. Enumerable.Range(0, 2 * Environment.ProcessorCount).Select(_ => new Thread(Burn) { IsBackground = true })];
            foreach (Thread thread in _threads)
                thread.Start();
        }

        public void Dispose()
        {
            _over = true;
            foreach (Thread thread in _threads)
                thread.Join();
        }

        private void Burn()
        {
            while (!_over)
                Thread.SpinWait(1000);
        }
    }
}
