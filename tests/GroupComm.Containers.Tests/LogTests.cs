using System.Threading;
using System.Threading.Tasks;
using GroupComm.Containers.Tests.Cluster;
using Xunit;

namespace GroupComm.Containers.Tests;

/// <summary>Nodes whose log goes nowhere.</summary>
[Collection(Run.Beside)]
public sealed class LogTests(NodeImage image)
{
    // A pipe that is full before the first line, and that nobody reads; a disk that has no room for a single one.
    private const string Unread = "mkfifo /tmp/log; exec 3<>/tmp/log; head -c 65536 /dev/zero >&3; exec groupcomm \"$0\" \"$@\" >&3";
    private const string Full = "exec groupcomm \"$0\" \"$@\" >/dev/full";

    [Fact]
    public async Task Nodes_whose_log_nobody_reads_or_whose_disk_is_full_go_on_and_leave()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        await using GroupCommCluster cluster = await image.Cluster().WithLateNodes(2).WithLoad("stock:100:safe")
            .WithServeArgumentsOf(4, "--log-level", "debug").WithServeArgumentsOf(5, "--log-level", "debug")
            .WithContainer((container, name) => name switch
            {
                "n4" => container.WithEntrypoint("sh", "-c", Unread),
                "n5" => container.WithEntrypoint("sh", "-c", Full),
                _ => container,
            }).StartAsync(ct);
        foreach (int node in new[] { 4, 5 })
        {
            await cluster.RestartAsync(node, ct);
            await cluster[1].SeesAsync($@"View \d+: .*n{node}#\d+;", ct);
            await cluster[node].TracesAsync("deliver", 1000, ct);
            await cluster[1].UntilAsync(async () => (await cluster[1].HeardAsync(0, ct)).Contains($"n{node}") ? "" : null, $"delivered a message of n{node}", ct);
        }
        await cluster.JudgeAsync(ct);
        foreach (int node in new[] { 4, 5 })
        {
            Assert.Equal("", (await cluster[node].ReadLogAsync(ct)).Trim());
            Assert.Equal(0, await cluster.StopAsync(node, ct));
            await cluster[1].SeesAsync($@"left: n{node}#\d+ \(left\)", ct);
        }
        await cluster.RecoversAsync(ct);
    }
}
