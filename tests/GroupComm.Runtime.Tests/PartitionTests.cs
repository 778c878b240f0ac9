using System;
using System.Linq;
using System.Threading.Tasks;
using Xunit;
using static GroupComm.Runtime.Tests.Recorder;
using static GroupComm.Runtime.Tests.TestCluster;

namespace GroupComm.Runtime.Tests;

public class PartitionTests
{
    [Fact]
    public async Task A_node_that_is_cut_off_refuses_sends_and_is_excluded_when_the_network_heals()
    {
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode[] nodes = await cluster.StartAsync(3);
        Recorder[] got = [new(), new(), new()];
        IGroup[] groups = await JoinAllAsync(nodes, (g, i) => g.RegisterBytes(got[i].Handle).UseEvents());
        NodeId lonely = nodes[0].View!.Members[2].Id;
        int cut = Array.FindIndex(nodes, node => node.Id == lonely);
        int[] others = [.. Enumerable.Range(0, 3).Where(i => i != cut)];
        string[] addresses = [.. nodes[0].View!.Members.OrderBy(member => member.Rank).Select(member => member.Address)];
        cluster.Network.Cut(addresses[2], addresses[0]);
        cluster.Network.Cut(addresses[2], addresses[1]);

        // Numbered, then cut off from everybody: nobody can say what becomes of it.
        SendReceipt open = await groups[cut].SendBytesAsync(Bytes("lost"), DeliveryOrder.Safe, Ct);
        Task safe = open.Safe;
        await Task.WhenAll(others.Select(i => FirstViewAsync(nodes[i], view => view.Members.Count == 2)));
        await EventAsync<PrimaryLost>(groups[cut]);
        Assert.False(nodes[cut].IsPrimary);
        Assert.Equal(GroupStatus.NotPrimary, groups[cut].Status);
        await Assert.ThrowsAsync<NotPrimaryException>(async () => await groups[cut].SendBytesAsync(Bytes("x"), DeliveryOrder.Fifo, Ct));
        await groups[others[0]].SendBytesAsync(Bytes("we go on"), DeliveryOrder.Safe, Ct);
        Assert.Equal(["we go on"], await got[others[1]].WaitAsync(1));

        cluster.Network.HealAll();
        await groups[cut].WaitForStatusAsync(GroupStatus.Excluded);
        await Assert.ThrowsAsync<ExcludedException>(async () => await groups[cut].SendBytesAsync(Bytes("x"), DeliveryOrder.Fifo, Ct));
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => safe.WaitAsync(Limit, Ct));
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => open.Delivered.WaitAsync(Limit, Ct));
        await Assert.ThrowsAsync<ExcludedException>(() => nodes[cut].WaitForPrimaryAsync(Ct).WaitAsync(Limit, Ct));
        Assert.Empty(got[cut].Texts);
        Assert.All(others, i => Assert.Equal(2, nodes[i].View!.Members.Count));
    }

    [Fact]
    public async Task A_second_life_of_a_crashed_name_joins_at_once()
    {
        await using TestCluster cluster = new(tcp: true);
        IGroupCommNode[] nodes = await cluster.StartAsync(3);
        View before = nodes[0].View!;
        ViewMember old = before.Members[1];
        int victim = Array.FindIndex(nodes, node => node.Id == old.Id);
        IGroupCommNode witness = nodes.First(node => node.Id == before.Members[0].Id);
        await ((Node.Node)nodes[victim]).CrashAsync();
        IGroupCommNode again = await cluster.StartAsync(cluster.Options(old.Id.Name, old.Address, [.. before.Members.Select(member => member.Address)]));
        await again.WaitForPrimaryAsync(Ct).WaitAsync(Limit, Ct);
        Assert.Equal(old.Id.Name, again.Id.Name);
        Assert.True(again.Id.Incarnation > old.Id.Incarnation);
        View view = await FirstViewAsync(witness, view => view.Members.Any(member => member.Id == again.Id));
        Assert.Equal(3, view.Members.Count);
        Assert.DoesNotContain(view.Members, member => member.Id == old.Id);
    }

    private static async Task EventAsync<T>(IGroup group)
    {
        await foreach (GroupEvent happened in group.ReadEventsAsync(Ct))
            if (happened is T)
                return;
        Assert.Fail($"no {typeof(T).Name}");
    }
}

internal static class Waiting
{
    /// <summary>The status changes on another thread, without a signal that a test could wait for.</summary>
    public static async Task WaitForStatusAsync(this IGroup group, GroupStatus wanted)
    {
        long until = Environment.TickCount64 + (long)Limit.TotalMilliseconds;
        while (group.Status != wanted)
        {
            Assert.True(Environment.TickCount64 < until, $"the status is {group.Status}");
            await Task.Yield();
        }
    }
}
