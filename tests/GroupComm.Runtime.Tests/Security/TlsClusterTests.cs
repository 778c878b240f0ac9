using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Runtime.Links;
using GroupComm.Runtime.Node;
using GroupComm.Transport;
using Xunit;
using static GroupComm.Runtime.Tests.TestCluster;

namespace GroupComm.Runtime.Tests.Security;

/// <summary>Laws Q1, Q2, Q6 on whole nodes.</summary>
public sealed class TlsClusterTests : IDisposable
{
    private readonly Certificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public async Task Certificates_and_CA_change_under_load_without_a_new_view_or_a_lost_message()
    {
        await using TestCluster cluster = new(tcp: true);
        IGroupCommNode[] nodes = await cluster.StartAsync(3, options => _certificates.Use(options.Name!, options));
        Recorder[] recorders = [new(), new(), new()];
        IGroup[] groups = await JoinAllAsync(nodes, (g, i) => g.RegisterBytes(recorders[i].Handle));
        long before = nodes[0].View!.Id;
        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        Task<int>[] load = [.. groups.Select(async group =>
        {
            int sent = 0;
            using PeriodicTimer pace = new(TimeSpan.FromMilliseconds(10));
            while (!enough.IsCancellationRequested && await pace.WaitForNextTickAsync(Ct))
                for (int last = sent + 10; sent < last; sent++)
                    await group.SendBytesAsync(Recorder.Bytes($"{group.Self.Node.Name}:{sent}"), DeliveryOrder.Agreed, Ct);
            return sent;
        })];
        foreach ((int signer, string trusts) in new[] { (0, "01"), (1, "01"), (1, "1") })
        {
            for (int i = 0; i < nodes.Length; i++)
            {
                _certificates.Write($"n{i + 1}", signer, trusts);
                await ShakeHandsAgainAsync(nodes[i]); // some with the new files, some not yet
            }
            await Task.Delay(1100, Ct); // the age at which they are read again
            foreach (IGroupCommNode node in nodes)
                await ShakeHandsAgainAsync(node);
        }
        await enough.CancelAsync();
        int total = (await Task.WhenAll(load)).Sum();
        List<string[]> heard = [];
        foreach (Recorder recorder in recorders)
            heard.Add(await recorder.WaitAsync(total));
        Assert.All(heard, each => Assert.Equal(heard[0], each));
        Assert.Equal(total, heard[0].Distinct().Count());
        Assert.All(nodes, node => Assert.Equal(before, node.View!.Id));
    }

    private static async Task ShakeHandsAgainAsync(IGroupCommNode node)
    {
        LinkTable table = ((Node.Node)node).Links.Table;
        await Until.TrueAsync(() => table.Count == 2); // a peer may have cut one just now
        PeerLink link = table.All.First();
        link.Link.Close(new CloseReason(CloseKind.Reset, "cut by the test"));
        await Until.TrueAsync(() => table.Count == 2 && !table.All.Contains(link));
    }

    [Fact]
    public async Task A_node_with_the_certificate_of_another_is_refused_by_the_others()
    {
        await using TestCluster cluster = new(tcp: true, Silence);
        GroupCommOptions first = cluster.Options("n1", FreeAddress(), []);
        _certificates.Use("n1", first);
        IGroupCommNode node = await cluster.StartAsync(first);
        await node.WaitForPrimaryAsync(Ct).WaitAsync(Limit, Ct);
        // Its own code would refuse to start under a name that is not its certificate's, so its name is changed behind the check.
        GroupCommOptions liar = cluster.Options("n2", FreeAddress(), [first.Listen]);
        _certificates.Use("n2", liar, identity: "n3");
        liar.Name = null;
        IGroupCommNode stranger = await cluster.StartAsync(liar);
        Assert.Equal("n3", stranger.Id.Name);
        await stranger.WaitForPrimaryAsync(Ct).WaitAsync(Limit, Ct); // as n3 it is welcome
        ((Node.Node)stranger).Links.ChangeIdentity(new NodeId("n2", stranger.Id.Incarnation + 1));
        await Until.TrueAsync(() => ((Node.Node)node).Links.LastRefusal is { Step: JoinStep.Tls } refusal && refusal.Text.Contains("groupcomm://shop/n3", StringComparison.Ordinal));
        await Until.TrueAsync(() => node.View!.Members.Count == 1);
    }

    [Theory]
    [InlineData("n2", "shop", "Name is 'n2'")]
    [InlineData(null, "elsewhere", "Cluster is 'elsewhere'")]
    public async Task A_certificate_for_another_node_or_cluster_is_found_at_the_start(string? name, string clusterName, string said)
    {
        GroupCommOptions options = new() { Listen = "127.0.0.1:0" };
        _certificates.Use("n1", options);
        (options.Name, options.Cluster) = (name, clusterName);
        JoinException error = await Assert.ThrowsAsync<JoinException>(() => GroupCommNode.StartAsync(options, Ct));
        Assert.Equal(JoinStep.Tls, error.Step);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_without_a_name_is_called_as_its_certificate_says()
    {
        await using TestCluster cluster = new(tcp: true);
        GroupCommOptions options = new() { Listen = "127.0.0.1:0" };
        _certificates.Use("n1", options, identity: "Till-7");
        Assert.Equal("Till-7", (await cluster.StartAsync(options)).Id.Name);
    }

    [Fact]
    public async Task A_seed_whose_CA_does_not_know_this_node_is_named_with_the_step_and_tried_again()
    {
        await using TestCluster cluster = new(tcp: true);
        GroupCommOptions first = cluster.Options("n1", FreeAddress(), []), second = cluster.Options("n2", FreeAddress(), [first.Listen]);
        _certificates.Use("n1", first);
        _certificates.Use("n2", second);
        _certificates.Write("n2", signer: 1, trusts: "01");
        IGroupCommNode node = await cluster.StartAsync(first), other = await cluster.StartAsync(second);
        await Until.TrueAsync(() => other.Waiting is { } waiting && waiting.Contains("TLS", StringComparison.Ordinal));
        _certificates.Write("n1", trusts: "01"); // no restart
        await other.WaitForPrimaryAsync(Ct).WaitAsync(Limit, Ct);
        Assert.Equal(2, other.View!.Members.Count);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_named()
    {
        GroupCommOptions options = new() { Listen = "127.0.0.1:0" };
        options.TlsCert = "/etc/groupcomm/tls.crt";
        options.TlsKey = "/etc/groupcomm/tls.key";
        options.TlsCa = "/etc/groupcomm/ca.crt";
        JoinException error = await Assert.ThrowsAsync<JoinException>(() => GroupCommNode.StartAsync(options, Ct));
        Assert.Equal(JoinStep.Tls, error.Step);
        Assert.Contains("TlsCert '/etc/groupcomm/tls.crt'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.pem", null, null, "TlsKey and TlsCa are not set")]
    [InlineData("a.pem", "b.pem", null, "TlsCa is not set")]
    [InlineData(null, null, "c.pem", "TlsCert and TlsKey are not set")]
    public void The_three_files_go_together(string? certificate, string? key, string? authority, string said)
    {
        JoinException error = Assert.Throws<JoinException>(() => new NodePlan(new GroupCommOptions { TlsCert = certificate, TlsKey = key, TlsCa = authority }));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }
}
