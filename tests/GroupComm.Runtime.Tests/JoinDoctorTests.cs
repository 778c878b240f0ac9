using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using GroupComm.Runtime.Links;
using GroupComm.Runtime.Node;
using GroupComm.Wire;
using Microsoft.Extensions.Logging;
using Xunit;
using static GroupComm.Runtime.Tests.TestCluster;

namespace GroupComm.Runtime.Tests;

/// <summary>Every way not to join is named: step, peer, what to do. The failures for good are in JoiningTests.</summary>
public class JoinDoctorTests
{
    [Fact]
    public async Task A_closed_port_and_who_is_missing()
    {
        await using TestCluster cluster = new(tcp: true);
        string closed = FreeAddress(), third = FreeAddress();
        IGroupCommNode node = await cluster.StartAsync(cluster.Options("a", "127.0.0.1:0", [closed, third]));
        await WaitsForAsync(node, "expects 3 nodes, sees none and itself", $"connect {closed}: connection refused", $"connect {third}: connection refused");
        IGroupCommNode second = await cluster.StartAsync(cluster.Options("b", closed, [third, Address(node)]));
        await WaitsForAsync(node, $"sees {second.Id} and itself; connect {third}: connection refused");
        await Until.TrueAsync(() => Obstacles(node).Count == 2); // the core's, and the third's
    }

    [Fact]
    public async Task A_name_without_an_address()
    {
        await using TestCluster cluster = new(tcp: true);
        IGroupCommNode node = await cluster.StartAsync(cluster.Options("a", "127.0.0.1:0", ["no-such-host.invalid:7400"]));
        await WaitsForAsync(node, "resolve no-such-host.invalid:7400: the name 'no-such-host.invalid' has no address; check the spelling and DNS");
        Assert.Contains(Obstacles(node), obstacle => obstacle is { Step: JoinStep.Resolve, Peer: "no-such-host.invalid:7400" });
    }

    [Fact]
    public async Task Nodes_that_expect_different_numbers_say_so()
    {
        await using TestCluster cluster = new(tcp: true);
        string address = FreeAddress();
        GroupCommOptions three = cluster.Options("a", address, []), two = cluster.Options("b", "127.0.0.1:0", [address]);
        (three.ExpectedNodes, two.ExpectedNodes) = (3, 2);
        IGroupCommNode a = await cluster.StartAsync(three), b = await cluster.StartAsync(two);
        await WaitsForAsync(a, $"expects 3 nodes, sees {b.Id} (expects 2) and itself");
        Assert.Null(a.View);
    }

    [Fact]
    public async Task More_nodes_than_expected_are_one_of_the_reasons()
    {
        await using TestCluster cluster = new(tcp: true);
        string[] addresses = [FreeAddress(), FreeAddress(), FreeAddress()];
        List<IGroupCommNode> nodes = [];
        for (int i = 0; i < 3; i++)
        {
            GroupCommOptions options = cluster.Options($"n{i + 1}", addresses[i], addresses);
            options.ExpectedNodes = i == 0 ? 2 : 4; // one says two, and there are three
            nodes.Add(await cluster.StartAsync(options));
        }
        await WaitsForAsync(nodes[0], "expects 2 nodes", "(expects 4)", ", more than it expects");
    }

    [Fact]
    public async Task A_peer_of_another_version_ends_the_join_and_is_named()
    {
        using TcpListener stranger = new(IPAddress.Loopback, 0);
        stranger.Start();
        string address = stranger.LocalEndpoint.ToString()!;
        await using TestCluster cluster = new(tcp: true);
        IGroupCommNode node = await cluster.StartAsync(cluster.Options("a", "127.0.0.1:0", [address]));
        using TcpClient link = await stranger.AcceptTcpClientAsync(Ct);
        await link.GetStream().WriteAsync(HandshakeCodec.Encode(new Handshake(8, 9, "default", new NodeId("newer", 1), address, 1, 1, 0)), Ct);
        JoinException error = await Assert.ThrowsAsync<JoinException>(() => node.WaitForPrimaryAsync(Ct).WaitAsync(Limit, Ct));
        Assert.Equal(JoinStep.Version, error.Step);
        Assert.Contains("newer#1 speaks protocol versions 8 to 9, this node 1 to 1", error.Message, StringComparison.Ordinal);
        Assert.Equal(error.Message, node.Waiting);
        Assert.Equal(JoinStep.Version, Assert.Single(Obstacles(node)).Step);
    }

    [Fact]
    public async Task Whoever_dials_from_another_cluster_is_named_too()
    {
        await using TestCluster cluster = new(tcp: true);
        IGroupCommNode node = await cluster.StartAsync(cluster.Options("a", FreeAddress(), [FreeAddress()]));
        GroupCommOptions other = cluster.Options("b", "127.0.0.1:0", [Address(node)]);
        other.Cluster = "elsewhere";
        await cluster.StartAsync(other);
        await WaitsForAsync(node, "belongs to cluster 'elsewhere', this node to 'default'");
        Assert.Contains(Obstacles(node), obstacle => obstacle.Step == JoinStep.Cluster);
    }

    [Fact]
    public async Task A_seed_off_loopback_without_consent_ends_the_join()
    {
        await using TestCluster cluster = new(tcp: true);
        IGroupCommNode node = await cluster.StartAsync(cluster.Options("a", "127.0.0.1:0", ["192.0.2.1:7400"]));
        JoinException error = await Assert.ThrowsAsync<JoinException>(() => node.WaitForPrimaryAsync(Ct).WaitAsync(Limit, Ct));
        Assert.Equal(JoinStep.Tls, error.Step);
        Assert.Contains("AllowPlaintext", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_in_a_view_waits_for_nothing()
    {
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode node = (await cluster.StartAsync(1))[0];
        Assert.Null(node.Waiting);
        Assert.Empty(Obstacles(node));
    }

    [Fact]
    public void The_log_gets_a_line_when_it_changes()
    {
        Lines log = new();
        List<JoinObstacle> obstacles = [];
        JoinDoctor doctor = new(() => obstacles, log);
        doctor.Waits("expects 2 nodes, sees none and itself");
        doctor.Waits("expects 2 nodes, sees none and itself");
        obstacles.Add(new JoinObstacle(JoinStep.Connect, "b:7400", "connection refused"));
        doctor.Waits("expects 2 nodes, sees none and itself");
        Assert.Equal(
            ["Waiting: expects 2 nodes, sees none and itself", "Waiting: expects 2 nodes, sees none and itself; connect b:7400: connection refused"], log.Texts);
        doctor.Joined();
        Assert.Null(doctor.Line);
        doctor.Lost("hears 1 of 3");
        Assert.Equal("not primary: hears 1 of 3; connect b:7400: connection refused", doctor.Line);
    }

    private static async Task WaitsForAsync(IGroupCommNode node, params string[] texts)
    {
        try
        {
            await Until.TrueAsync(() => node.Waiting is { } line && texts.All(text => line.Contains(text, StringComparison.Ordinal)));
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"it says: {node.Waiting}", error);
        }
    }

    private static IReadOnlyList<JoinObstacle> Obstacles(IGroupCommNode node) => ((INodeHealth)node).Obstacles;

    private static string Address(IGroupCommNode node) => ((Node.Node)node).Links.Address;

    private sealed class Lines : ILogger
    {
        public List<string> Texts { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Texts.Add(formatter(state, exception));
    }
}
