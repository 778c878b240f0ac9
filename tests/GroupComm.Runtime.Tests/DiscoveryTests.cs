using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Runtime.Discovery;
using GroupComm.Runtime.InMemory;
using GroupComm.Transport;
using Xunit;
using static GroupComm.Runtime.Tests.TestCluster;

namespace GroupComm.Runtime.Tests;

public class DiscoveryTests
{
    private const string Name = "nodes.test:7400";

    [Fact]
    public async Task All_addresses_count_and_a_failure_keeps_the_last_ones()
    {
        Queue<Func<IPAddress[]>> answers = new([
            () => throw new SocketException((int)SocketError.HostNotFound),
            () => [IPAddress.Parse("10.0.0.2"), IPAddress.Parse("fd00::1"), IPAddress.Parse("10.0.0.1"), IPAddress.Parse("10.0.0.2")],
            () => throw new SocketException((int)SocketError.TryAgain),
            () => [],
            () => [IPAddress.Parse("10.0.0.3")],
        ]);
        DnsDiscovery discovery = Discover((_, _) => Task.FromResult(answers.Dequeue()()));
        List<Finding> found = [];
        Finding last = new([]);
        while (answers.Count > 0)
            found.Add(last = await discovery.LookUpAsync(last, Ct));
        Assert.Empty(found[0].Endpoints);
        Assert.Contains("'nodes.test' has no address", found[0].Failure, StringComparison.Ordinal);
        string[] three = ["10.0.0.1:7400", "10.0.0.2:7400", "[fd00::1]:7400"];
        Assert.Equal(three, found[1].Endpoints);
        Assert.Empty(found[1].Failure);
        Assert.Equal(three, found[2].Endpoints);
        Assert.NotEmpty(found[2].Failure);
        Assert.Equal(three, found[3].Endpoints);
        Assert.NotEmpty(found[3].Failure);
        Assert.Equal("10.0.0.3:7400", Assert.Single(found[4].Endpoints));
        Assert.Empty(found[4].Failure);
    }

    [Fact]
    public async Task Three_nodes_meet_behind_a_name_whose_records_come_one_by_one()
    {
        InMemoryNetwork network = new();
        Records records = new();
        List<IGroupCommNode> nodes = [];
        try
        {
            // The first is alone with a name that nobody knows yet.
            nodes.Add(await StartAsync(network, records, 1));
            await Until.TrueAsync(() => nodes[0].Waiting?.Contains($"resolve {Name}: the name 'nodes.test' has no address", StringComparison.Ordinal) == true);
            for (int i = 1; i <= 3; i++)
            {
                if (i > 1)
                    nodes.Add(await StartAsync(network, records, i));
                records.Add($"127.0.0.{i}"); // the node's own one too
            }
            await Task.WhenAll(nodes.Select(node => node.WaitForPrimaryAsync(Ct))).WaitAsync(Limit, Ct);
            Assert.Equal(["n1", "n2", "n3"], nodes[0].View!.Members.Select(member => member.Id.Name).Order(StringComparer.Ordinal));
            Assert.Equal("127.0.0.2:7400", nodes[0].View!.Members.Single(member => member.Id.Name == "n2").Address);
        }
        finally
        {
            await Task.WhenAll(nodes.Select(node => node.DisposeAsync().AsTask()));
        }
    }

    [Fact]
    public async Task An_address_that_is_no_record_any_more_is_not_dialled_any_more()
    {
        InMemoryNetwork network = new();
        Records records = new("127.0.0.7");
        await using IGroupCommNode node = await StartAsync(network, records, 1);
        await Until.TrueAsync(() => node.Waiting?.Contains("connect 127.0.0.7:7400: connection refused", StringComparison.Ordinal) == true);
        records.Set("127.0.0.1", "127.0.0.8");
        await Until.TrueAsync(() => node.Waiting?.Contains("connect 127.0.0.8:7400: connection refused", StringComparison.Ordinal) == true);
        Assert.DoesNotContain("127.0.0.7", node.Waiting, StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1:", node.Waiting, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_needs_a_number_of_nodes()
    {
        GroupCommOptions options = new() { Listen = "127.0.0.1:0", Dns = Name };
        JoinException error = await Assert.ThrowsAsync<JoinException>(() => GroupCommNode.StartAsync(options, Ct));
        Assert.Equal(JoinStep.Options, error.Step);
        Assert.Contains("ExpectedNodes", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nodes:0", 5000, "port 0")]
    [InlineData("no des:1", 5000, "Dns: ")]
    [InlineData("nodes:1", 10, "DnsRefresh")]
    public async Task A_wrong_name_or_pace_is_refused(string name, int refresh, string text)
    {
        GroupCommOptions options = new() { Listen = "127.0.0.1:0", Dns = name, ExpectedNodes = 2, DnsRefresh = TimeSpan.FromMilliseconds(refresh) };
        JoinException error = await Assert.ThrowsAsync<JoinException>(() => GroupCommNode.StartAsync(options, Ct));
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
    }

    private static DnsDiscovery Discover(NameLookup lookup)
    {
        Assert.True(Endpoint.TryParse(Name, Endpoint.DefaultPort, out Endpoint name));
        return new DnsDiscovery(name, TimeSpan.FromSeconds(5), lookup);
    }

    private static Task<IGroupCommNode> StartAsync(InMemoryNetwork network, Records records, int i)
    {
        GroupCommOptions options = new()
        {
            Name = $"n{i}", Listen = $"127.0.0.{i}:7400", Dns = Name, DnsRefresh = TimeSpan.FromMilliseconds(100), ExpectedNodes = 3, LeaveTimeout = TimeSpan.FromSeconds(1),
        };
        return GroupCommNode.StartAsync(options, sink => new InMemoryTransport(network, sink), null, records.LookUpAsync, Ct);
    }

    /// <summary>A name service with one name.</summary>
    private sealed class Records(params string[] addresses)
    {
        private volatile string[] _addresses = addresses;

        public void Add(string address) => _addresses = [.. _addresses, address];

        public void Set(params string[] addresses) => _addresses = addresses;

        public Task<IPAddress[]> LookUpAsync(string host, CancellationToken ct)
        {
            Assert.Equal("nodes.test", host);
            return _addresses is { Length: > 0 } found ? Task.FromResult<IPAddress[]>([.. found.Select(IPAddress.Parse)]) : throw new SocketException((int)SocketError.HostNotFound);
        }
    }
}
