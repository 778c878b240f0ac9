using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Xunit;
using static GroupComm.Runtime.Tests.ConflictKeyTests;
using static GroupComm.Runtime.Tests.TestCluster;

namespace GroupComm.Runtime.Tests;

[Collection("alone")]
public class FlowTests
{
    private const int Window = 256 << 10;

    [Fact]
    public async Task The_largest_message_arrives_over_tcp_and_one_byte_more_is_refused_before_it_is_sent()
    {
        const int Largest = 64 << 20;
        await using TestCluster cluster = new(tcp: true);
        IGroupCommNode[] nodes = await cluster.StartAsync(3);
        int whole = 0;
        byte[] payload = new byte[Largest];
        new Random(1).NextBytes(payload);
        IGroup[] groups = await JoinAllAsync(nodes, (g, _) => g.RegisterBytes((bytes, _, _) =>
        {
            long at = 0;
            bool same = bytes.Length == Largest;
            foreach (ReadOnlyMemory<byte> part in bytes)
            {
                same &= part.Span.SequenceEqual(payload.AsSpan((int)at, part.Length));
                at += part.Length;
            }
            Interlocked.Add(ref whole, same ? 1 : 100);
            return ValueTask.CompletedTask;
        }));
        await Assert.ThrowsAsync<MessageTooLargeException>(async () => await groups[1].SendBytesAsync(new byte[Largest + 1], DeliveryOrder.Agreed, Ct));
        Assert.Equal(0, ((Node.Node)nodes[1]).Unconsumed);
        SendReceipt sent = await groups[1].SendBytesAsync(payload, DeliveryOrder.Agreed, Ct);
        await sent.Safe.WaitAsync(Limit, Ct);
        await UntilAsync(() => Volatile.Read(ref whole) == 3);
        Assert.All(nodes, node => Assert.Equal(3, node.View!.Members.Count));
        await UntilAsync(() => nodes.All(node => ((Node.Node)node).Unconsumed == 0));
    }

    [Fact]
    public async Task When_all_handlers_send_and_the_window_is_full_nobody_waits_for_himself()
    {
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode[] nodes = await cluster.StartAsync(3, options => options.SendWindow = 64 << 10);
        int got = 0;
        IGroup[] groups = await JoinAllAsync(nodes, (g, _) => g.RegisterBytes(async (payload, context, ct) =>
        {
            if (payload.FirstSpan[0] > 0)
                await context.SendBytesAsync(new byte[30 << 10], DeliveryOrder.Agreed, ct);
            Interlocked.Increment(ref got);
        }));
        // Each fills its own window; every handler everywhere answers, and awaits that.
        await Task.WhenAll(groups.Select(group => Task.Run(async () =>
        {
            byte[] question = new byte[40 << 10];
            question[0] = 1;
            for (int i = 0; i < 10; i++)
                await group.SendBytesAsync(question, DeliveryOrder.Agreed, Ct);
        }, Ct)));
        await UntilAsync(() => Volatile.Read(ref got) == (30 + 90) * 3);
    }

    [Fact]
    public async Task A_send_inside_a_handler_goes_out_after_a_view_change_though_others_wait_for_the_window()
    {
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode node = (await cluster.StartAsync(1, options => options.SendWindow = 64 << 10))[0];
        TaskCompletionSource answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Submit.SendQueue sends = ((Node.Node)node).Sends;
        TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously), go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IGroup group = await node.JoinAsync("g", g => g.RegisterBytes(async (payload, context, ct) =>
        {
            if (payload.FirstSpan[0] != 1)
                return;
            entered.SetResult();
            await go.Task;
            // As a send meets a closed gate: it is queued behind those who wait for the window, and must not stay there.
            await sends.SendQueued(new Submit.SendRequest(((Groups.GroupHandle)context.Group).Entry!.Number, 1, null, DeliveryOrder.Fifo, new byte[10], null, FromHandler: true));
            answer.SetResult();
        }), Ct);
        byte[] first = new byte[60 << 10];
        first[0] = 1;
        await group.SendBytesAsync(first, DeliveryOrder.Fifo, Ct);
        await entered.Task.WaitAsync(Limit, Ct);
        Task<SendReceipt> outside = group.SendBytesAsync(new byte[60 << 10], DeliveryOrder.Fifo, Ct).AsTask();
        Assert.False(outside.IsCompleted);
        go.SetResult();
        await answer.Task.WaitAsync(Limit, Ct);
        await outside.WaitAsync(Limit, Ct);
    }

    [Fact]
    public async Task Memory_stays_bounded_while_a_member_stands_still_and_everything_goes_on_afterwards()
    {
        await using TestCluster cluster = new(tcp: true, Silence);
        IGroupCommNode[] nodes = await cluster.StartAsync(3, options => options.SendWindow = Window);
        using ManualResetEventSlim open = new();
        long got = 0;
        IGroup[] groups = await JoinAllAsync(nodes, (g, i) => g.RegisterBytes((_, _, _) =>
        {
            if (i == 2)
                open.Wait(Limit, CancellationToken.None);
            Interlocked.Increment(ref got);
            return ValueTask.CompletedTask;
        }));
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long sent = 0;
        using CancellationTokenSource stop = new();
        const int Senders = 4;
        Task[] senders = [.. groups.SelectMany(group => Enumerable.Range(0, Senders).Select(_ => Task.Run(async () =>
        {
            byte[] payload = new byte[4096];
            try
            {
                while (true)
                {
                    await group.SendBytesAsync(payload, DeliveryOrder.Agreed, stop.Token);
                    Interlocked.Increment(ref sent);
                }
            }
            catch (OperationCanceledException)
            {
            }
        }, Ct)))];
        await UntilAsync(() => nodes.All(node => ((Node.Node)node).Unconsumed > Window - 8192));
        long full = Interlocked.Read(ref sent);
        // Well over the suspicion time: the windows are full, the protocol goes on.
        IGroup late = await nodes[1].JoinAsync("other", g => g.RegisterBytes((_, _, _) => ValueTask.CompletedTask), Ct);
        await Task.Delay(Silence * 1.5, Ct);
        await late.LeaveAsync(Ct).WaitAsync(Limit, Ct);
        // At most one more fitted into each window, and each sender may have counted its last one late.
        Assert.InRange(Interlocked.Read(ref sent), full, full + (3 * (1 + Senders)));
        Assert.All(nodes, node => Assert.True(((Node.Node)node).Unconsumed <= Window));
        // Three windows, held by three nodes, and what the pools keep idle.
        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(grown < (3 * 3 * Window) + (32 << 20), $"{grown >> 20} MiB more while standing still");
        Assert.All(nodes, node => Assert.Equal(3, node.View!.Members.Count));
        open.Set();
        await UntilAsync(() => Interlocked.Read(ref sent) > full + 1000);
        await stop.CancelAsync();
        await Task.WhenAll(senders);
        await UntilAsync(() => Interlocked.Read(ref got) == 3 * Interlocked.Read(ref sent));
    }
}
