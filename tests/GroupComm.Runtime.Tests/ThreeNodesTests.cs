using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using GroupComm.Testing.Laws;
using Xunit;
using static GroupComm.Runtime.Tests.Recorder;
using static GroupComm.Runtime.Tests.TestCluster;

namespace GroupComm.Runtime.Tests;

public class ThreeNodesTests
{
    [Theory]
    [InlineData(true, DeliveryOrder.Fifo)]
    [InlineData(true, DeliveryOrder.Causal)]
    [InlineData(true, DeliveryOrder.Agreed)]
    [InlineData(true, DeliveryOrder.Safe)]
    [InlineData(false, DeliveryOrder.Fifo)]
    [InlineData(false, DeliveryOrder.Causal)]
    [InlineData(false, DeliveryOrder.Agreed)]
    [InlineData(false, DeliveryOrder.Safe)]
    public async Task All_members_deliver_everything_in_its_order(bool tcp, DeliveryOrder order)
    {
        const int Each = 500;
        await using TestCluster cluster = new(tcp);
        IGroupCommNode[] nodes = await cluster.StartAsync(3);
        Assert.Equal(3, nodes[0].View!.Members.Count);
        Recorder[] got = [new(), new(), new()];
        IGroup[] groups = await JoinAllAsync(nodes, (g, i) => g.RegisterBytes(got[i].Handle));
        SendReceipt[] last = await Task.WhenAll(groups.Select(async (group, sender) =>
        {
            SendReceipt receipt = default;
            for (int i = 0; i < Each; i++)
                receipt = await group.SendBytesAsync(Bytes($"{sender}:{i}"), order, Ct);
            return receipt;
        }));
        foreach (SendReceipt receipt in last)
        {
            await receipt.Delivered.WaitAsync(Limit, Ct);
            await receipt.Safe.WaitAsync(Limit, Ct);
        }
        string[][] texts = [await got[0].WaitAsync(3 * Each), await got[1].WaitAsync(3 * Each), await got[2].WaitAsync(3 * Each)];
        foreach (string[] delivered in texts)
            for (int sender = 0; sender < 3; sender++)
                Assert.Equal(Enumerable.Range(0, Each).Select(i => $"{sender}:{i}"), delivered.Where(text => text[0] == '0' + sender));
        if (order >= DeliveryOrder.Agreed)
        {
            Assert.Equal(texts[0], texts[1]);
            Assert.Equal(texts[0], texts[2]);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_large_message_crosses_the_network(bool tcp)
    {
        await using TestCluster cluster = new(tcp);
        IGroupCommNode[] nodes = await cluster.StartAsync(3);
        byte[] payload = new byte[(9 << 20) + 1];
        new Random(2).NextBytes(payload);
        string expected = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(payload));
        Recorder[] got = [new(), new(), new()];
        IGroup[] groups = await JoinAllAsync(nodes, (g, i) => g.RegisterBytes((bytes, _, _) =>
        {
            got[i].Add(Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Buffers.BuffersExtensions.ToArray(bytes))));
            return ValueTask.CompletedTask;
        }));
        foreach (IGroup group in groups)
            await group.SendBytesAsync(payload, DeliveryOrder.Agreed, Ct);
        foreach (Recorder recorder in got)
            Assert.All(await recorder.WaitAsync(3), text => Assert.Equal(expected, text));
    }

    [Fact]
    public async Task A_node_that_leaves_is_reported_as_left_and_the_others_go_on()
    {
        await using TestCluster cluster = new(tcp: true);
        IGroupCommNode[] nodes = await cluster.StartAsync(3, options => options.LeaveTimeout = Limit);
        Recorder[] got = [new(), new(), new()];
        IGroup[] groups = await JoinAllAsync(nodes, (g, i) => g.RegisterBytes(got[i].Handle));
        IGroupCommNode leaver = nodes.First(node => node.View!.Members[0].Id == node.Id);
        int gone = Array.IndexOf(nodes, leaver);
        SendReceipt sent = await groups[gone].SendBytesAsync(Bytes("goodbye"), DeliveryOrder.Agreed, Ct);
        await leaver.LeaveAsync(Ct).WaitAsync(Limit, Ct);
        await sent.Delivered.WaitAsync(Limit, Ct);
        await sent.Safe.WaitAsync(Limit, Ct);
        Assert.Equal(GroupStatus.Left, groups[gone].Status);
        for (int i = 0; i < 3; i++)
        {
            Assert.Contains("goodbye", await got[i].WaitAsync(1));
            if (i == gone)
                continue;
            View view = await FirstViewAsync(nodes[i], view => view.Members.Count == 2);
            Assert.Equal("left", Assert.Single(view.Departed).Reason);
            await groups[i].SendBytesAsync(Bytes($"still {i}"), DeliveryOrder.Safe, Ct);
        }
        for (int i = 0; i < 3; i++)
            if (i != gone)
                await got[i].WaitAsync(3);
        await Assert.ThrowsAnyAsync<Exception>(async () => await groups[gone].SendBytesAsync(Bytes("x"), DeliveryOrder.Agreed, Ct));
    }

    [Fact]
    public async Task A_node_that_comes_later_joins_and_one_from_outside_may_send()
    {
        await using TestCluster cluster = new(tcp: true);
        IGroupCommNode[] nodes = await cluster.StartAsync(2);
        Recorder got = new(), late = new();
        await nodes[0].JoinAsync("g", g => g.RegisterBytes(got.Handle), Ct);
        GroupCommOptions options = cluster.Options("late", FreeAddress(), [nodes[0].View!.Members[0].Address]);
        options.ExpectedNodes = 3;
        IGroupCommNode third = await cluster.StartAsync(options);
        await third.WaitForPrimaryAsync(Ct).WaitAsync(Limit, Ct);
        await third.SendBytesAsync("g", Bytes("outside"), DeliveryOrder.Causal, Ct);
        Assert.Equal(["outside"], await got.WaitAsync(1));
        IGroup group = await third.JoinAsync("g", g => g.RegisterBytes(late.Handle), Ct).WaitAsync(Limit, Ct);
        Assert.Equal(2, group.View.Members.Count);
        await group.SendBytesAsync(Bytes("inside"), DeliveryOrder.Agreed, Ct);
        Assert.Equal(["outside", "inside"], await got.WaitAsync(2));
        Assert.Equal(["inside"], await late.WaitAsync(1));
    }

    [Fact]
    public async Task A_node_is_told_of_its_first_view_when_every_group_of_it_can_be_used()
    {
        const int Groups = 400;
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode[] nodes = await cluster.StartAsync(1);
        await Task.WhenAll(Enumerable.Range(0, Groups).Select(i => nodes[0].JoinAsync($"g{i}", _ => { }, Ct))).WaitAsync(Limit, Ct);
        for (int i = 0; i < 5; i++)
        {
            IGroupCommNode late = await cluster.StartAsync(cluster.Options($"late{i}", FreeAddress(), [nodes[0].View!.Members[0].Address]));
            await foreach (View _ in late.ReadViewsAsync(Ct))
                break;
            for (int group = Groups - 1; group >= 0; group -= 57)
                await late.SendBytesAsync($"g{group}", Bytes("x"), DeliveryOrder.Agreed, Ct);
            await late.WaitForPrimaryAsync(Ct).WaitAsync(Limit, Ct);
        }
    }

    [Fact]
    public async Task The_traces_of_three_nodes_keep_every_law()
    {
        string directory = Directory.CreateTempSubdirectory("groupcomm-").FullName;
        try
        {
            await using (TestCluster cluster = new(tcp: false))
            {
                int n = 0;
                IGroupCommNode[] nodes = await cluster.StartAsync(3, options => options.TraceFile = Path.Combine(directory, $"{++n}.jsonl"));
                Recorder[] got = [new(), new(), new()];
                IGroup[] groups = await JoinAllAsync(nodes, (g, i) => g.RegisterBytes(got[i].Handle));
                for (int i = 0; i < 400; i++)
                    foreach (IGroup group in groups)
                        await group.SendBytesAsync(Bytes($"{i}"), (DeliveryOrder)((i % 4) + 1), Ct);
                await groups[0].SendBytesAsync(new byte[3 << 20], DeliveryOrder.Safe, Ct);
                foreach (Recorder recorder in got)
                    await recorder.WaitAsync(1201);
            }
            string[] files = Directory.GetFiles(directory);
            Assert.Equal(3, files.Length);
            StringWriter output = new(), error = new();
            Assert.True(TraceCheck.Run(files, output, error, json: false) == 0, $"{output}{error}");
            Assert.Contains(File.ReadLines(files[0]), line => line.Contains("\"ev\":\"deliver\"", StringComparison.Ordinal));
            Assert.Contains("\"ev\":\"stop\"", File.ReadLines(files[0]).Last(), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
