using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Containers.Tests.Cluster;
using Xunit;

namespace GroupComm.Containers.Tests;

/// <summary>The compose files of docs/samples, started as a reader would start it.</summary>
[Collection(Run.Beside)]
public sealed partial class ComposeTests(NodeImage image)
{
    private static readonly string[] s_nodes = ["n1", "n2", "n3"];

    [Fact]
    public async Task Three_composed_nodes_become_healthy_keep_to_their_limits_and_leave_when_stopped()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        await using Compose compose = await Compose.StartAsync("docs/samples/compose.yaml", image.Name, ct);
        foreach (string node in s_nodes)
        {
            await compose.BecomesAsync(node, "{{.State.Health.Status}}", "healthy", ct);
            Assert.Contains("healthy", await compose.RunAsync(ct, "ps"));
            Assert.Equal("7400", await compose.RunAsync(ct, "exec", "-T", node, "id", "-u"));
            Assert.Equal("groupcomm", await compose.RunAsync(ct, "exec", "-T", node, "cat", "/proc/1/comm"));
            Assert.Equal("268435456 500000000", await compose.InspectAsync(node, "{{.HostConfig.Memory}} {{.HostConfig.NanoCpus}}", ct));
            // Three quarters of 256 MiB are for the heap; half of a processor is one.
            Assert.Contains("processors: 1, memory for the heap: 192 MiB", await compose.RunAsync(ct, "logs", "--no-color", node));
        }
        string view = await compose.RunAsync(ct, "exec", "-T", "n2", "groupcomm", "view");
        Assert.All(s_nodes, node => Assert.Contains($"{node}:7400", view));

        await compose.RunAsync(ct, "stop", "n3");
        Assert.Equal("exited 0", await compose.InspectAsync("n3", "{{.State.Status}} {{.State.ExitCode}}", ct));
        Assert.Matches(@"left: n3#\d+ \(left\)", await compose.RunAsync(ct, "logs", "--no-color", "n1"));
    }

    [Fact]
    public async Task Replicas_of_a_service_find_each_other_by_its_name_which_has_a_record_for_each()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        await using Compose compose = await Compose.StartAsync("docs/samples/compose-dns.yaml", image.Name, ct);
        for (int nodes = 3; nodes <= 4; nodes++) // the last comes later, and its record with it
        {
            if (nodes > 3)
                await compose.RunAsync(ct, "up", "-d", "--no-recreate", "--scale", $"node={nodes}");
            for (int index = 1; index <= nodes; index++)
                await compose.UntilAsync(view => Members().Count(view) == nodes, ct, "exec", "-T", $"--index={index}", "node", "groupcomm", "view", "--json");
            string records = await compose.RunAsync(ct, "exec", "-T", "node", "getent", "ahostsv4", "node");
            Assert.Equal(nodes, records.Split('\n').Select(line => line.Split(' ')[0]).Distinct().Count());
        }
    }

    [GeneratedRegex("\"rank\":")]
    private static partial Regex Members();
}
