using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Xunit;
using static GroupComm.Runtime.Tests.Recorder;
using static GroupComm.Runtime.Tests.TestCluster;

namespace GroupComm.Runtime.Tests;

public class OneNodeTests
{
    [Theory]
    [InlineData(DeliveryOrder.Fifo)]
    [InlineData(DeliveryOrder.Causal)]
    [InlineData(DeliveryOrder.Agreed)]
    [InlineData(DeliveryOrder.Safe)]
    public async Task A_node_alone_joins_and_delivers_to_itself(DeliveryOrder order)
    {
        await using TestCluster cluster = new(tcp: true);
        IGroupCommNode node = (await cluster.StartAsync(1))[0];
        Recorder got = new();
        IGroup group = await node.JoinAsync("g", g => g.RegisterBytes(got.Handle), Ct).WaitAsync(Limit, Ct);
        Assert.Equal(GroupStatus.Active, group.Status);
        Assert.Equal([group.Self], group.View.Members);

        SendReceipt receipt = await group.SendBytesAsync(Bytes("hello"), order, Ct);
        await receipt.Delivered.WaitAsync(Limit, Ct);
        await receipt.Safe.WaitAsync(Limit, Ct);
        Assert.Equal(["hello"], await got.WaitAsync(1));
        Assert.Equal(node.Id, receipt.Id.Sender);
        await Assert.ThrowsAsync<NotSupportedException>(() => receipt.Durable);
    }

    [Fact]
    public async Task Order_zero_is_refused()
    {
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode node = (await cluster.StartAsync(1))[0];
        IGroup group = await node.JoinAsync("g", g => g.RegisterBytes(new Recorder().Handle), Ct);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await group.SendBytesAsync(Bytes("x"), 0, Ct));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await node.SendBytesAsync("g", Bytes("x"), 0, Ct));
    }

    [Fact]
    public async Task A_message_above_the_maximum_is_refused_before_anything_is_sent()
    {
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode node = (await cluster.StartAsync(1, o => o.MaxMessageSize = 1000))[0];
        Recorder got = new();
        IGroup group = await node.JoinAsync("g", g => g.RegisterBytes(got.Handle), Ct);
        SendReceipt before = await group.SendBytesAsync(Bytes("a"), DeliveryOrder.Agreed, Ct);
        MessageTooLargeException error = await Assert.ThrowsAsync<MessageTooLargeException>(
            async () => await group.SendBytesAsync(new byte[1001], DeliveryOrder.Agreed, Ct));
        Assert.Equal(1001, error.Size);
        SendReceipt after = await group.SendBytesAsync(new byte[1000], DeliveryOrder.Agreed, Ct);
        Assert.Equal(before.Id.Sequence + 1, after.Id.Sequence);
        Assert.Equal(2, (await got.WaitAsync(2)).Length);
    }

    [Fact]
    public async Task A_large_message_arrives_whole_although_it_is_cut()
    {
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode node = (await cluster.StartAsync(1))[0];
        byte[] payload = new byte[(3 << 20) + 17];
        new Random(1).NextBytes(payload);
        TaskCompletionSource<byte[]> got = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IGroup group = await node.JoinAsync("g", g => g.RegisterBytes((bytes, _, _) =>
        {
            got.SetResult(System.Buffers.BuffersExtensions.ToArray(bytes));
            return ValueTask.CompletedTask;
        }), Ct);
        await group.SendBytesAsync(payload, DeliveryOrder.Agreed, Ct);
        Assert.Equal(payload, await got.Task.WaitAsync(Limit, Ct));
    }

    public sealed record Stock(string Item, int Count);

    [GroupMessage("price", Order = DeliveryOrder.Safe)]
    public sealed record Price(string Item, decimal Value, DateTime At, List<int> Steps);

    internal sealed record Hidden(string Text);

    [Fact]
    public async Task Typed_messages_reach_the_handler_of_their_type()
    {
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode node = (await cluster.StartAsync(1))[0];
        Recorder got = new();
        IGroup group = await node.JoinAsync("g", g => g
            .Register<Stock>((message, context, _) => { got.Add($"{message.Item} {message.Count} {context.Order}"); return ValueTask.CompletedTask; })
            .Register<Price>((message, context, _) => { got.Add($"{message.Item} {message.Value} {message.Steps.Sum()} {context.Order} {context.Position}"); return ValueTask.CompletedTask; })
            .Register<Hidden>((message, context, _) => { got.Add(message.Text); return ValueTask.CompletedTask; }), Ct);
        await group.SendAsync(new Stock("nail", 7), Ct);
        await group.SendAsync(new Price("nail", 0.5m, DateTime.UtcNow, [1, 2]), Ct);
        await group.SendAsync(new Hidden("internal"), DeliveryOrder.Fifo, Ct);
        await group.SendBytesAsync(Bytes("nobody handles bytes"), DeliveryOrder.Agreed, Ct);
        await group.SendAsync(new Stock("end", 0), Ct);
        Assert.Equal(["nail 7 Agreed", "nail 0.5 3 Safe 2", "internal", "end 0 Agreed"], await got.WaitAsync(4));
        Assert.Equal(1, ((Node.Node)node).Unhandled);
    }

    [Fact]
    public async Task Events_come_in_order_after_the_handlers()
    {
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode node = (await cluster.StartAsync(1))[0];
        Recorder got = new();
        IGroup group = await node.JoinAsync("g", g => g.RegisterBytes(got.Handle).UseEvents(2), Ct);
        for (int i = 0; i < 10; i++)
            await group.SendBytesAsync(Bytes($"{i}"), DeliveryOrder.Agreed, Ct);
        List<string> seen = [];
        await foreach (GroupEvent happened in group.ReadEventsAsync(Ct))
        {
            seen.Add(happened is MessageDelivered delivered ? Encoding.UTF8.GetString(delivered.Payload.Span) : happened.GetType().Name);
            if (happened is MessageDelivered { Position: var position })
                Assert.True(got.Texts.Length >= position);
            if (seen.Count == 11)
                break;
        }
        Assert.Equal(["ViewInstalled", .. Enumerable.Range(0, 10).Select(i => $"{i}")], seen);
    }

    [Fact]
    public async Task A_send_inside_a_handler_is_delivered()
    {
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode node = (await cluster.StartAsync(1))[0];
        Recorder got = new();
        IGroup group = await node.JoinAsync("g", g => g.RegisterBytes(async (payload, context, ct) =>
        {
            string text = Encoding.UTF8.GetString(payload);
            got.Add(text);
            if (text.Length < 5)
            {
                SendReceipt receipt = await context.SendBytesAsync(Bytes(text + "x"), DeliveryOrder.Agreed, ct);
                await Assert.ThrowsAsync<InvalidOperationException>(() => receipt.Delivered);
            }
        }), Ct);
        await group.SendBytesAsync(Bytes("x"), DeliveryOrder.Agreed, Ct);
        Assert.Equal(["x", "xx", "xxx", "xxxx", "xxxxx"], await got.WaitAsync(5));
    }

    [Fact]
    public async Task A_member_that_left_hears_nothing_more_and_cannot_send()
    {
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode node = (await cluster.StartAsync(1))[0];
        Recorder stays = new(), goes = new();
        IGroup a = await node.JoinAsync("g", g => { g.RegisterBytes(stays.Handle); g.Options.MemberName = "a"; }, Ct);
        IGroup b = await node.JoinAsync("g", g => { g.RegisterBytes(goes.Handle); g.Options.MemberName = "b"; }, Ct);
        await a.SendBytesAsync(Bytes("both"), DeliveryOrder.Agreed, Ct);
        await goes.WaitAsync(1);
        await b.LeaveAsync(Ct).WaitAsync(Limit, Ct);
        Assert.Equal(GroupStatus.Left, b.Status);
        await a.SendBytesAsync(Bytes("one"), DeliveryOrder.Agreed, Ct);
        Assert.Equal(["both", "one"], await stays.WaitAsync(2));
        Assert.Equal(["both"], goes.Texts);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await b.SendBytesAsync(Bytes("x"), DeliveryOrder.Agreed, Ct));
    }

    [Fact]
    public async Task A_closed_group_takes_no_message_from_outside_and_an_agreed_group_no_other_order()
    {
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode node = (await cluster.StartAsync(1))[0];
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await node.SendBytesAsync("none", Bytes("x"), DeliveryOrder.Agreed, Ct));
        Recorder got = new();
        await node.JoinAsync("closed", g => { g.RegisterBytes(got.Handle); g.Options.Open = false; }, Ct);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await node.SendBytesAsync("closed", Bytes("x"), DeliveryOrder.Agreed, Ct));
        IGroup agreed = await node.JoinAsync("agreed", g => { g.RegisterBytes(got.Handle); g.Options.AgreedOnly = true; }, Ct);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await agreed.SendBytesAsync(Bytes("x"), DeliveryOrder.Causal, Ct));
        await node.SendBytesAsync("agreed", Bytes("from outside"), DeliveryOrder.Agreed, Ct);
        Assert.Equal(["from outside"], await got.WaitAsync(1));
        JoinException refused = await Assert.ThrowsAsync<JoinException>(() => node.JoinAsync("agreed", g => g.RegisterBytes(got.Handle), Ct));
        Assert.Equal(JoinStep.Options, refused.Step);
    }

    [Fact]
    public async Task What_comes_later_says_so()
    {
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode node = (await cluster.StartAsync(1))[0];
    }
}
