using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Runtime.Links;
using Xunit;
using static GroupComm.Runtime.Tests.TestCluster;

namespace GroupComm.Runtime.Tests;

public class BreakingLinksTests
{
    private const int Senders = 3, Each = 8000, Size = 1024;

    /// <summary>Large bundles are sent from their own blocks, and again when the link is a new one, just as they become stable.</summary>
    [Fact]
    public async Task Links_that_are_made_anew_again_and_again_under_full_load_lose_nothing_and_stop_nobody()
    {
        await using TestCluster cluster = new(tcp: true);
        IGroupCommNode[] nodes = await cluster.StartAsync(Senders);
        Tally[] got = [new(), new(), new()];
        IGroup[] groups = await JoinAllAsync(nodes, (g, i) => g.RegisterBytes(got[i].Handle));
        long view = nodes[0].View!.Id;
        Task breaking = Task.Run(async () =>
        {
            for (int i = 0; got.Any(tally => !tally.All.IsCompleted); i++)
            {
                LinkManager links = ((Node.Node)nodes[i % Senders]).Links;
                if (links.Table.All.FirstOrDefault() is { } link)
                    links.GiveUp(link, "a test");
                await Task.Delay(5, Ct);
            }
        }, Ct);
        await Task.WhenAll(groups.Select((group, sender) => Task.Run(async () =>
        {
            byte[] payload = new byte[Size];
            for (int i = 0; i < Each; i++)
            {
                BinaryPrimitives.WriteInt32LittleEndian(payload, sender * Each + i);
                await group.SendBytesAsync(payload, DeliveryOrder.Agreed, Ct);
            }
        }, Ct)));
        await Task.WhenAll(got.Select(tally => tally.All)).WaitAsync(Limit, Ct);
        await breaking;
        Assert.Equal(got[0].Order, got[1].Order);
        Assert.Equal(got[0].Order, got[2].Order);
        Assert.Equal(Senders * Each, got[0].Order.Distinct().Count());
        Assert.All(nodes, node => Assert.Equal(view, node.View!.Id));
    }

    /// <summary>What one node's handler was given, in order.</summary>
    private sealed class Tally
    {
        private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _count;

        public int[] Order { get; } = new int[Senders * Each];

        public Task All => _all.Task;

        public ValueTask Handle(ReadOnlySequence<byte> payload, MessageContext context, CancellationToken ct)
        {
            Order[_count++] = BinaryPrimitives.ReadInt32LittleEndian(payload.FirstSpan);
            if (_count == Order.Length)
                _all.TrySetResult();
            return default;
        }
    }
}
