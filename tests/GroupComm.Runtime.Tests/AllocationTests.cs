using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Xunit;
using static GroupComm.Runtime.Tests.TestCluster;

namespace GroupComm.Runtime.Tests;

[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class Alone;

[Collection("alone")]
public class AllocationTests
{
    // The core makes a bundle, its stamp and an acknowledgement per turn; how many messages share them depends on the load.
    private const long PerTurn = 2048;

    [Fact]
    public async Task A_raw_message_allocates_nothing_in_steady_state()
    {
        const int Messages = 200_000;
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode node = (await cluster.StartAsync(1))[0];
        long handled = 0;
        IGroup group = await node.JoinAsync("g", g => g.RegisterBytes((payload, context, _) =>
        {
            Interlocked.Add(ref handled, context.Position > 0 && context.SenderNode.Incarnation > 0 ? 1 : 0);
            return ValueTask.CompletedTask;
        }), Ct);
        double[] each = await Task.Run(() => MeasureAsync(group, Messages, () => Interlocked.Read(ref handled), () => ((Node.Node)node).Turns), Ct);
        Assert.InRange(each.Min(), -1000, 1);
    }

    // Away from the test framework's synchronization context, which allocates for every continuation.
    private static async Task<double[]> MeasureAsync(IGroup group, int messages, Func<long> handled, Func<long> turns)
    {
        byte[] payload = new byte[64];
        double[] each = new double[8];
        for (int round = 0; round < each.Length; round++)
        {
            long target = handled() + messages;
            long turnsBefore = turns();
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int i = 0; i < messages; i++)
                await group.SendBytesAsync(payload, DeliveryOrder.Agreed, Ct);
            while (handled() < target)
                Thread.Yield();
            each[round] = (double)(GC.GetTotalAllocatedBytes(precise: true) - before - ((turns() - turnsBefore) * PerTurn)) / messages;
        }
        return each;
    }
}
