using System;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Xunit;
using static GroupComm.Runtime.Tests.TestCluster;

namespace GroupComm.Runtime.Tests;

public class JoiningTests
{
    [Fact]
    public async Task A_port_in_use_is_named_with_the_step()
    {
        await using TestCluster cluster = new(tcp: true);
        using Socket taken = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        taken.Listen();
        string address = taken.LocalEndPoint!.ToString()!;
        JoinException error = await Assert.ThrowsAsync<JoinException>(() => cluster.StartAsync(cluster.Options("a", address, [])));
        Assert.Equal(JoinStep.Connect, error.Step);
        Assert.Contains(address, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_seed_of_another_cluster_fails_the_join_with_both_names()
    {
        await using TestCluster cluster = new(tcp: true);
        IGroupCommNode node = (await cluster.StartAsync(1))[0];
        GroupCommOptions other = cluster.Options("other", FreeAddress(), [node.View!.Members[0].Address]);
        other.Cluster = "elsewhere";
        IGroupCommNode stranger = await cluster.StartAsync(other);
        JoinException error = await Assert.ThrowsAsync<JoinException>(() => stranger.WaitForPrimaryAsync(Ct).WaitAsync(Limit, Ct));
        Assert.Equal(JoinStep.Cluster, error.Step);
        Assert.Contains("elsewhere", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<JoinException>(() => stranger.JoinAsync("g", _ => { }, Ct).WaitAsync(Limit, Ct));
        Assert.True(node.IsPrimary);
    }

    [Fact]
    public async Task A_name_in_use_by_a_live_node_is_refused()
    {
        await using TestCluster cluster = new(tcp: true);
        IGroupCommNode[] nodes = await cluster.StartAsync(2);
        GroupCommOptions same = cluster.Options("n2", FreeAddress(), [nodes[0].View!.Members[0].Address]);
        IGroupCommNode second = await cluster.StartAsync(same);
        JoinException error = await Assert.ThrowsAsync<JoinException>(() => second.WaitForPrimaryAsync(Ct).WaitAsync(Limit, Ct));
        Assert.Equal(JoinStep.NameInUse, error.Step);
        Assert.Equal(2, nodes[0].View!.Members.Count);
    }

    [Fact]
    public async Task A_node_that_waits_for_others_can_be_stopped()
    {
        await using TestCluster cluster = new(tcp: true);
        IGroupCommNode node = await cluster.StartAsync(cluster.Options("a", "127.0.0.1:0", [FreeAddress()]));
        Task<IGroup> join = node.JoinAsync("g", _ => { }, Ct);
        ValueTask<SendReceipt> send = node.SendBytesAsync("g", new byte[1], DeliveryOrder.Agreed, Ct);
        await node.LeaveAsync(Ct).WaitAsync(Limit, Ct);
        await Assert.ThrowsAsync<JoinException>(() => join.WaitAsync(Limit, Ct));
        await Assert.ThrowsAsync<GroupCommException>(async () => await send);
        await Assert.ThrowsAsync<GroupCommException>(() => node.WaitForPrimaryAsync(Ct).WaitAsync(Limit, Ct));
    }

    [Theory]
    [InlineData("Cluster", "bad name")]
    [InlineData("Name", "bad/name")]
    [InlineData("Listen", "1.2.3:x")]
    [InlineData("Advertise", "0.0.0.0:7400")]
    [InlineData("Seeds", "host:0")]
    [InlineData("ExpectedNodes", "-1")]
    [InlineData("SuspicionTimeout", "1")]
    [InlineData("SendWindow", "1")]
    [InlineData("MaxMessageSize", "0")]
    public async Task A_wrong_option_is_refused_by_name(string option, string value)
    {
        GroupCommOptions options = new() { Listen = "127.0.0.1:0" };
        if (option == "Seeds")
            options.Seeds.Add(value);
        else if (typeof(GroupCommOptions).GetProperty(option)! is { PropertyType: var type } property)
            property.SetValue(options, type == typeof(string) ? value : type == typeof(int) ? int.Parse(value, null) : TimeSpan.FromMilliseconds(1));
        JoinException error = await Assert.ThrowsAsync<JoinException>(() => GroupCommNode.StartAsync(options, Ct));
        Assert.Equal(JoinStep.Options, error.Step);
        Assert.Contains(option == "Seeds" ? "seed" : option, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plaintext_off_loopback_needs_consent()
    {
        JoinException error = await Assert.ThrowsAsync<JoinException>(() => GroupCommNode.StartAsync(new GroupCommOptions { Listen = "0.0.0.0:0", Advertise = "10.1.1.1:7400" }, Ct));
        Assert.Equal(JoinStep.Tls, error.Step);
        Assert.Contains("AllowPlaintext", error.Message, StringComparison.Ordinal);
    }
}
