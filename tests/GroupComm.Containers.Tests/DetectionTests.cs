using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Containers.Tests.Cluster;
using GroupComm.Containers.Tests.Torture;
using GroupComm.Testing.Traces;
using Xunit;

namespace GroupComm.Containers.Tests;

/// <summary>How long it takes until the others have a view without a node that is gone. The figures of a long run are in docs/testing-containers.md.</summary>
[Collection(Run.OneAtATime)]
public sealed class DetectionTests(NodeImage image)
{
    private static readonly TimeSpan s_suspicion = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public async Task A_crash_is_noticed_by_its_connections_and_a_standstill_by_its_silence(int nodes)
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        await using GroupCommCluster cluster = await image.Cluster().WithNodes(nodes).WithLoad("stock:200:agreed").WithSuspicionTimeout(s_suspicion).StartAsync(ct);
        List<(string Name, long At, bool Killed)> done = [];
        for (int i = 0; i < Run.Times(4, 60); i++)
        {
            await cluster.SettleAsync(ct: ct);
            int node = 1 + (i / 2 % nodes);
            done.Add(($"n{node}", GroupCommCluster.Now, i % 2 == 0));
            if (i % 2 == 0)
            {
                await cluster.KillAsync(node, ct);
                await cluster.SettleAsync(flows: false, ct);
                await cluster.RestartAsync(node, ct);
            }
            else
            {
                await cluster.PauseAsync(node, ct);
                await cluster.SettleAsync(flows: false, ct);
                await cluster.ResumeAsync(node, ct);
            }
        }
        await cluster.RecoversAsync(ct);
        History history = await ReadAsync(cluster, ct);
        foreach (bool killed in new[] { true, false })
        {
            double[] times = [.. done.Where(each => each.Killed == killed).SelectMany(each => TraceFigures.UntilView(history, each.Name, each.At))];
            double p50 = TortureTotals.Percentile(times, 0.5);
            TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{nodes} nodes, {(killed ? "SIGKILL" : "pause")}: to the next view at each survivor p50 {p50:0} ms, p99 {TortureTotals.Percentile(times, 0.99):0} ms, most {times.Max():0} ms ({times.Length} values)"));
            // Wide limits: this runs beside whatever else a machine does. A crash that only silence shows would take the suspicion time.
            Assert.True(p50 < (killed ? 500 : s_suspicion.TotalMilliseconds + 1000), $"p50 is {p50} ms");
        }
    }

    [Fact]
    public async Task Nobody_is_suspected_while_nothing_happens()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        await using GroupCommCluster cluster = await image.Cluster().WithLoad("stock:20:agreed").WithSuspicionTimeout(s_suspicion).StartAsync(ct);
        await cluster.SettleAsync(ct: ct);
        TimeSpan time = TimeSpan.FromSeconds(Run.Times(5, 120));
        await Task.Delay(time, ct);
        History history = await ReadAsync(cluster, ct);
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{TraceFigures.Count(history, TraceKind.Suspect)} suspicions in {3 * time.TotalHours:0.0000} member-hours, idle"));
        Assert.Equal(0, TraceFigures.Count(history, TraceKind.Suspect));
        await cluster.JudgeAsync(ct);
    }

    private static async Task<History> ReadAsync(GroupCommCluster cluster, CancellationToken ct)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("groupcomm-detection-");
        try
        {
            await cluster.CollectTracesAsync(folder.FullName, ct);
            History history = new();
            TraceReader reader = new(history);
            foreach (FileInfo file in folder.EnumerateFiles("n*.jsonl"))
                reader.Read(file.FullName);
            return history;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
