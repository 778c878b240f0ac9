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
    public async Task A_minority_that_finds_a_quorum_again_goes_on()
    {
        await using TestCluster cluster = new(tcp: false, Silence);
        Lonely three = await Lonely.StartAsync(cluster);
        NodeId before = three.Node.Id;
        // All three are alone: nobody has a quorum, so nobody is excluded.
        three.Cut();
        cluster.Network.Cut(three.Addresses[0], three.Addresses[1]);
        PrimaryLost lost = await three.SeeEventAsync<PrimaryLost>();
        Assert.Contains("silent", lost.Reason, StringComparison.Ordinal);
        NotPrimaryException refused = await Assert.ThrowsAsync<NotPrimaryException>(async () => await three.Group.SendBytesAsync(Bytes("x"), DeliveryOrder.Fifo, Ct));
        Assert.Equal(lost.Reason, refused.Reason);
        cluster.Network.Heal(three.Addresses[0], three.Addresses[2]);
        await three.SeeEventAsync<PrimaryRegained>(views: true);
        await three.Node.WaitForPrimaryAsync(Ct).WaitAsync(Limit, Ct);
        Assert.Equal(before, three.Node.Id);
        await (await three.Group.SendBytesAsync(Bytes("again"), DeliveryOrder.Safe, Ct)).Safe.WaitAsync(Limit, Ct);
        Assert.Equal(["again"], await three.Got.WaitAsync(1));
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
            await Task.Delay(5);
        }
    }
}
