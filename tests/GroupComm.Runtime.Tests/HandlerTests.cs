using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Xunit;
using static GroupComm.Runtime.Tests.Recorder;
using static GroupComm.Runtime.Tests.TestCluster;

namespace GroupComm.Runtime.Tests;

public class HandlerTests
{
    [Fact]
    public async Task A_message_that_fails_at_every_replica_kills_nobody_and_continue_goes_on()
    {
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode[] nodes = await cluster.StartAsync(3);
        Recorder[] got = [new(), new(), new()];
        IGroup[] groups = await JoinAllAsync(nodes, (g, i) => g.RegisterBytes((payload, context, ct) =>
        {
            got[i].Handle(payload, context, ct);
            return payload.FirstSpan[0] == '!' ? throw new InvalidOperationException("bad message") : ValueTask.CompletedTask;
        }));
        await groups[0].SendBytesAsync(Bytes("!"), DeliveryOrder.Agreed, Ct);
        await groups[1].SendBytesAsync(Bytes("next"), DeliveryOrder.Agreed, Ct);
        foreach (Recorder recorder in got)
            Assert.Equal(["!", "next"], (await recorder.WaitAsync(2)).Order());
        await Until.TrueAsync(() => nodes.All(node => ((Node.Node)node).HandlerFailures == 1)); // where it came last it is still being counted
        Assert.All(groups, group => Assert.Equal(GroupStatus.Active, group.Status));
    }

    [Fact]
    public async Task With_policy_stop_the_failed_replicas_leave_and_the_last_stays()
    {
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode[] nodes = await cluster.StartAsync(3);
        Recorder[] got = [new(), new(), new()];
        IGroup[] groups = await JoinAllAsync(nodes, (g, i) =>
        {
            g.Options.HandlerFailurePolicy = HandlerFailurePolicy.Stop;
            g.RegisterBytes((payload, context, ct) =>
            {
                got[i].Handle(payload, context, ct);
                return payload.FirstSpan[0] == '!' ? throw new InvalidOperationException("bad message") : ValueTask.CompletedTask;
            });
        });
        int senior = Array.FindIndex(groups, group => group.Self == groups[0].View.Members[0]);
        await groups[senior].SendBytesAsync(Bytes("!"), DeliveryOrder.Agreed, Ct);
        SendReceipt next = await groups[senior].SendBytesAsync(Bytes("next"), DeliveryOrder.Agreed, Ct);
        await next.Delivered.WaitAsync(Limit, Ct);
        Assert.Equal(["!", "next"], await got[senior].WaitAsync(2));
        Assert.Equal(GroupStatus.Active, groups[senior].Status);
        for (int i = 0; i < 3; i++)
        {
            if (i == senior)
                continue;
            await groups[i].LeaveAsync(Ct).WaitAsync(Limit, Ct); // already under way
            Assert.Equal(GroupStatus.Left, groups[i].Status);
            Assert.Equal(["!"], got[i].Texts);
        }
        Assert.All(nodes, node => Assert.True(node.IsPrimary));
    }

    [Fact]
    public async Task A_handler_that_blocks_stops_its_sender_at_the_window_and_nothing_else()
    {
        await using TestCluster cluster = new(tcp: true, Silence);
        IGroupCommNode[] nodes = await cluster.StartAsync(3, options => options.SendWindow = 64 << 10);
        using ManualResetEventSlim open = new();
        Recorder[] got = [new(), new(), new()];
        IGroup[] groups = await JoinAllAsync(nodes, (g, i) => g.RegisterBytes((payload, context, ct) =>
        {
            if (i == 2)
                open.Wait(Limit, CancellationToken.None);
            return got[i].Handle(payload, context, ct);
        }));
        Task sending = Task.Run(async () =>
        {
            for (int i = 0; i < 300; i++)
                await groups[0].SendBytesAsync(new byte[1024], DeliveryOrder.Agreed, Ct);
        }, Ct);
        // The others get what fits the window, and longer than the suspicion time everything stands still but the protocol.
        await got[1].WaitAsync(60);
        await Assert.ThrowsAsync<TimeoutException>(() => sending.WaitAsync(Silence * 1.5, Ct));
        Assert.InRange(got[1].Texts.Length, 60, 64);
        SendReceipt other = await groups[1].SendBytesAsync(Bytes("other sender"), DeliveryOrder.Agreed, Ct);
        await other.Delivered.WaitAsync(Limit, Ct);
        Assert.All(nodes, node => Assert.Equal(3, node.View!.Members.Count));
        Assert.All(nodes, node => Assert.True(node.IsPrimary));
        long view = nodes[0].View!.Id;
        open.Set();
        await sending.WaitAsync(Limit, Ct);
        foreach (Recorder recorder in got)
            await recorder.WaitAsync(301);
        Assert.Equal(view, nodes[0].View!.Id);
    }

    [Fact]
    public async Task A_quick_handler_that_suddenly_blocks_does_not_stop_the_protocol()
    {
        await using TestCluster cluster = new(tcp: true, Silence);
        IGroupCommNode[] nodes = await cluster.StartAsync(3);
        using ManualResetEventSlim open = new();
        Recorder[] got = [new(), new(), new()];
        IGroup[] groups = await JoinAllAsync(nodes, (g, i) => g.RegisterBytes((payload, context, ct) =>
        {
            got[i].Handle(payload, context, ct);
            if (i == 2 && payload.FirstSpan[0] == '!')
                open.Wait(Limit, CancellationToken.None);
            return ValueTask.CompletedTask;
        }));
        for (int i = 0; i < 500; i++)
        {
            SendReceipt sent = await groups[0].SendBytesAsync(Bytes($"{i}"), DeliveryOrder.Agreed, Ct);
            await sent.Delivered.WaitAsync(Limit, Ct); // one at a time: member 2 proves quick
        }
        await groups[0].SendBytesAsync(Bytes("!"), DeliveryOrder.Agreed, Ct);
        await got[2].WaitAsync(501);
        long until = Environment.TickCount64 + (long)(Silence * 1.5).TotalMilliseconds;
        while (Environment.TickCount64 < until)
        {
            SendReceipt sent = await groups[1].SendBytesAsync(Bytes("go on"), DeliveryOrder.Safe, Ct);
            await sent.Delivered.WaitAsync(Limit, Ct);
            await sent.Safe.WaitAsync(Limit, Ct);
        }
        Assert.All(nodes, node => Assert.Equal(3, node.View!.Members.Count));
        Assert.Equal(501, got[2].Texts.Length);
        open.Set();
        await got[2].WaitAsync(got[1].Texts.Length);
    }

    [Fact]
    public async Task A_waiting_send_can_be_cancelled_and_is_then_never_sent()
    {
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode node = (await cluster.StartAsync(1, options => options.SendWindow = 64 << 10))[0];
        TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Recorder got = new();
        IGroup group = await node.JoinAsync("g", g => g.RegisterBytes(async (payload, context, ct) =>
        {
            string text = System.Text.Encoding.UTF8.GetString(payload.FirstSpan[..1]);
            await open.Task;
            got.Add(text);
        }), Ct);
        byte[] big = new byte[60 << 10];
        big.AsSpan().Fill((byte)'a');
        await group.SendBytesAsync(big, DeliveryOrder.Fifo, Ct);
        using CancellationTokenSource cancel = new();
        byte[] second = new byte[60 << 10];
        second.AsSpan().Fill((byte)'b');
        ValueTask<SendReceipt> waits = group.SendBytesAsync(second, DeliveryOrder.Fifo, cancel.Token);
        Assert.False(waits.IsCompleted);
        ValueTask<SendReceipt> third = group.SendBytesAsync(Bytes("c".PadRight(60 << 10)), DeliveryOrder.Fifo, Ct);
        await cancel.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await waits);
        open.SetResult();
        await third;
        Assert.Equal(["a", "c"], await got.WaitAsync(2));
    }
}
