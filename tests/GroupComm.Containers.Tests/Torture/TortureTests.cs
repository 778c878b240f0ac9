using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Containers.Tests.Cluster;
using GroupComm.Testing.Laws;
using GroupComm.Testing.Traces;
using Xunit;

namespace GroupComm.Containers.Tests.Torture;

/// <summary>
/// Faults drawn at random against clusters that keep writing. Slice after slice: a cluster starts, is hurt, is mended, must come
/// together, and its traces are judged and dropped. Half a minute as a test; as long as one wants by <c>dotnet cake --target=Torture</c>.
/// </summary>
[Collection(Run.OneAtATime)]
public sealed class TortureTests(NodeImage image)
{
    private static readonly string[] s_orders = ["causal", "agreed", "safe"];

    [Fact]
    public async Task Clusters_under_drawn_faults_keep_every_law()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        TorturePlan plan = TorturePlan.OfEnvironment();
        TortureTotals totals = TortureTotals.Load(plan.State);
        var clock = Stopwatch.StartNew();
        while (totals.Violations == 0 && clock.Elapsed < plan.Limit)
        {
            await SliceAsync(plan, totals, ct);
            totals.Save(plan.State);
        }
        Tell(totals.ToString());
        if (plan.Minutes <= 1)
            File.Delete(plan.State); // a test begins anew each time
        Assert.True(totals.Violations == 0, $"laws are broken: {totals}");
        Assert.True(totals.Faults.Count > 0 && totals.Deliveries > 0, "nothing happened");
    }

    private async Task SliceAsync(TorturePlan plan, TortureTotals totals, CancellationToken ct)
    {
        int slice = totals.Slices;
        // Who is hurt and how is drawn; what comes of it, and when, is the machine's.
        Random random = new(unchecked((int)((plan.Seed * 1_000_003) + (ulong)slice)));
        int nodes = random.Next(3, 6);
        string order = s_orders[random.Next(s_orders.Length)];
        Tell(string.Create(CultureInfo.InvariantCulture, $"slice {slice} of seed {plan.Seed}: {nodes} nodes, {plan.Rate} {order} messages a second each"));
        var clock = Stopwatch.StartNew();
        DirectoryInfo traces = Directory.CreateTempSubdirectory("groupcomm-torture-");
        try
        {
            await using GroupCommCluster cluster = await image.Cluster().WithNodes(nodes).WithLoad($"stock:{plan.Rate}:{order}").WithTracesIn(traces.FullName)
                .WithSuspicionTimeout(TimeSpan.FromSeconds(1)).StartAsync(ct);
            await cluster.SettleAsync(ct: ct);
            double started = clock.Elapsed.TotalSeconds;
            Tormentor tormentor = new(cluster, random, totals, what => Tell(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds,6:0.0} s  {what}")));
            await tormentor.RunAsync(plan.Slice, ct);
            string? stuck = null;
            try
            {
                await cluster.SettleAsync(ct: ct);
            }
            catch (TimeoutException late)
            {
                stuck = late.Message;
            }
            double hurt = clock.Elapsed.TotalSeconds;
            totals.Seconds += hurt;
            await JudgeAsync(plan, totals, slice, cluster, tormentor, stuck, ct);
            Tell(string.Create(CultureInfo.InvariantCulture, $"slice {slice}: started in {started:0} s, hurt for {hurt - started:0} s, judged in {clock.Elapsed.TotalSeconds - hurt:0} s"));
        }
        finally
        {
            traces.Delete(recursive: true);
        }
        totals.Slices++;
    }

    private static async Task JudgeAsync(
        TorturePlan plan, TortureTotals totals, int slice, GroupCommCluster cluster, Tormentor tormentor, string? stuck, CancellationToken ct)
    {
        string folder = plan.Evidence(slice);
        Directory.CreateDirectory(folder);
        await cluster.CollectTracesAsync(folder, ct);
        foreach (GroupCommContainer node in cluster.Running.ToArray())
            await cluster.PauseAsync(node.Number, ct); // its time is over, and what it would do now takes the judge's
        History history = Histories.Read(folder);
        Verdict verdict = new LawChecker().Check(history);
        totals.Views += TraceFigures.Count(history, TraceKind.View);
        totals.Messages += TraceFigures.Count(history, TraceKind.Send);
        totals.Deliveries += TraceFigures.Count(history, TraceKind.Deliver);
        totals.SilentSeconds += TraceFigures.Silence(history);
        foreach ((string name, long at) in tormentor.Killed)
            if (TraceFigures.UntilView(history, name, at) is { Count: > 0 } times)
                totals.KillToView.Add(times.Min());
        string unasked = string.Join('\n', cluster.EndedByThemselves);
        if (verdict.Ok && stuck is null && unasked.Length == 0)
        {
            Directory.Delete(folder, recursive: true);
            Tell(string.Create(CultureInfo.InvariantCulture, $"slice {slice}: {verdict.Events:N0} events, every safety law is kept"));
            return;
        }
        totals.Violations += Math.Max(1, verdict.Total);
        string text = $"{(verdict.Ok ? "every safety law is kept" : verdict.Explain(history))}\n{unasked}\n{stuck}";
        await File.WriteAllTextAsync(Path.Combine(folder, "verdict.txt"), text, ct);
        foreach (GroupCommContainer node in cluster.Nodes)
            await File.WriteAllTextAsync(Path.Combine(folder, $"{node.Name}.log"), await node.ReadLogAsync(ct), ct);
        Tell($"slice {slice}: BROKEN, traces in {folder}\n{text}");
    }

    private static void Tell(string line) => TestContext.Current.TestOutputHelper!.WriteLine(line);
}
