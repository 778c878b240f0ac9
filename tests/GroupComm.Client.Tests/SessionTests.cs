using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using GroupComm.Client.Frames;
using Xunit;

namespace GroupComm.Client.Tests;

/// <summary>Counted frames, windows and acknowledgements, as the specification has them, against a scripted daemon.</summary>
public sealed class SessionTests
{
    [Fact]
    public async Task A_resume_sends_again_what_the_daemon_has_not_and_nothing_else()
    {
        using FakeDaemon daemon = new();
        (GroupCommClient client, IGroup group) = await daemon.JoinedAsync();
        Task<SendReceipt>[] sends = [.. Enumerable.Range(1, 5).Select(number => group.SendBytesAsync(Bytes($"m{number}"), DeliveryOrder.Agreed).AsTask())];
        for (int number = 1; number <= 5; number++)
            Assert.Equal($"m{number}", FakeDaemon.Text((await daemon.NextAsync(FrameKind.Send))[5]));
        daemon.Cut();
        object?[] hello = await daemon.AcceptAsync();
        Assert.Equal(1, ((byte[])hello[6]!)[0]);
        Assert.Equal(2, FakeDaemon.Number(hello[7])); // VIEW and REACHED
        await daemon.WelcomeAsync(resumed: true, received: 3); // JOIN and two sends
        object?[][] again = [await daemon.NextAsync(FrameKind.Send), await daemon.NextAsync(FrameKind.Send), await daemon.NextAsync(FrameKind.Send)];
        Assert.Equal(["m3", "m4", "m5"], again.Select(send => FakeDaemon.Text(send[5])));
        foreach (object?[] send in again)
            await daemon.SayAsync(FrameKind.Receipt, send[1], 1, $"n1#1:1:{FakeDaemon.Text(send[5])[1..]}");
        SendReceipt[] receipts = await Task.WhenAll(sends[2..]).WaitAsync(FakeDaemon.Limit, FakeDaemon.Ct);
        Assert.Equal([3, 4, 5], receipts.Select(receipt => receipt.Id.Sequence));
        await daemon.EndAsync(client);
    }

    [Fact]
    public async Task A_send_waits_for_the_window_and_its_token_ends_that_wait_alone()
    {
        using FakeDaemon daemon = new();
        (GroupCommClient client, IGroup group) = await daemon.JoinedAsync(window: 65_536);
        byte[] big = new byte[40_000];
        Task[] sends = [.. Enumerable.Range(0, 2).Select(_ => group.SendBytesAsync(big, DeliveryOrder.Fifo).AsTask())];
        using System.Threading.CancellationTokenSource giveUp = new();
        Task given = group.SendBytesAsync(Bytes("never"), DeliveryOrder.Fifo, giveUp.Token).AsTask(), last = group.SendBytesAsync(Bytes("last"), DeliveryOrder.Fifo).AsTask();
        await daemon.NextAsync(FrameKind.Send);
        await daemon.NextAsync(FrameKind.Send);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given.WaitAsync(FakeDaemon.Limit));
        // PONG comes although sends wait; the next send only after the acknowledgement.
        await daemon.SayAsync(FrameKind.Ping, 7);
        Assert.Equal(7, FakeDaemon.Number((await daemon.NextAsync(FrameKind.Pong))[1]));
        await daemon.SayAsync(FrameKind.Ack, 2);
        Assert.Equal("last", FakeDaemon.Text((await daemon.NextAsync(FrameKind.Send))[5]));
        Assert.DoesNotContain([.. sends, last], task => task.IsCompleted);
        await daemon.EndAsync(client);
    }

    [Fact]
    public async Task An_event_is_acknowledged_when_its_handler_has_returned_and_a_receipt_is_read_meanwhile()
    {
        using FakeDaemon daemon = new();
        TaskCompletionSource<SendReceipt> sent = new(), free = new();
        (GroupCommClient client, IGroup group) = await daemon.JoinedAsync(g => g.RegisterBytes(async (_, context, ct) =>
        {
            sent.SetResult(await context.SendBytesAsync(Bytes("from inside"), DeliveryOrder.Agreed, ct));
            await free.Task;
        }));
        await daemon.MessageAsync(1, "first");
        object?[] send = await daemon.NextAsync(FrameKind.Send);
        Assert.Equal(15, FakeDaemon.Number(send[6])); // all stages, and flag 8
        await daemon.SayAsync(FrameKind.Receipt, send[1], 1, "n1#1:1:9");
        Assert.Equal(9, (await sent.Task.WaitAsync(FakeDaemon.Limit, FakeDaemon.Ct)).Id.Sequence);
        await daemon.SayAsync(FrameKind.Receipt, send[1], 2, "n1#1:1:9");
        await (await sent.Task).Delivered.WaitAsync(FakeDaemon.Limit, FakeDaemon.Ct);
        // Nothing was acknowledged: the answer to this ping is the next frame.
        await daemon.NothingIsAcknowledgedAsync();
        free.SetResult(default);
        await daemon.AcknowledgedAsync(5);
        await daemon.EndAsync(client);
    }

    [Fact]
    public async Task When_the_daemon_forgot_the_session_the_member_joins_again_and_is_told_in_order()
    {
        using FakeDaemon daemon = new();
        List<string> told = [];
        (GroupCommClient client, IGroup group) = await daemon.JoinedAsync(g =>
        {
            g.Options.MemberName = "m";
            g.OnReset(_ => { told.Add("forget"); return ValueTask.CompletedTask; });
            g.UseEvents();
        });
        Task<SendReceipt> open = group.SendBytesAsync(Bytes("open"), DeliveryOrder.Agreed).AsTask();
        await daemon.NextAsync(FrameKind.Send);
        daemon.Cut();
        await daemon.AcceptAsync();
        await daemon.WelcomeAsync(session: 2);
        object?[] join = await daemon.NextAsync(FrameKind.Join);
        Assert.Equal(("g", "m"), (join[2], join[3]));
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => open.WaitAsync(FakeDaemon.Limit));
        Assert.Equal(GroupStatus.Excluded, group.Status);
        await Assert.ThrowsAsync<NotPrimaryException>(async () => await group.SendBytesAsync(Bytes("x"), DeliveryOrder.Agreed));
        await daemon.ViewAsync("n1#2/m", number: 7);
        await daemon.SayAsync(FrameKind.Reached, join[1]);
        await daemon.MessageAsync(1, "after");
        await foreach (GroupEvent happened in group.ReadEventsAsync(FakeDaemon.Ct))
        {
            told.Add(happened is ViewInstalled { View: { } view } ? $"view {view.Id}" : happened.GetType().Name);
            if (happened is MessageDelivered)
                break;
        }
        Assert.Equal(["forget", "view 1.1", "Excluded", "Reset", "view 1.7", "MessageDelivered"], told.Order(Comparer<string>.Create((a, b) => b == "forget" ? 1 : a == "forget" ? -1 : 0)));
        Assert.Equal((GroupStatus.Active, "n1#2/m"), (group.Status, group.Self.ToString()));
        await daemon.EndAsync(client);
    }

    [Fact]
    public async Task Without_a_daemon_it_says_so_and_which_endpoints_it_tried()
    {
        GroupCommClientOptions options = new() { Endpoints = { "tcp:127.0.0.1:1", "unix:/nowhere.sock" }, Patience = TimeSpan.Zero };
        GatewayClosedException error = await Assert.ThrowsAsync<GatewayClosedException>(() => GroupCommClient.ConnectAsync(options, FakeDaemon.Ct));
        Assert.Equal("unreachable", error.Code);
        Assert.Contains("tcp:127.0.0.1:1, unix:/nowhere.sock", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost:7481", "is no endpoint of a daemon: write unix:PATH, tcp:HOST:PORT or ws://HOST:PORT/v1/gateway")]
    [InlineData("tcp:localhost", "is no endpoint of a daemon")]
    [InlineData("tcp:localhost:99999", "is no endpoint of a daemon")]
    [InlineData("http://localhost:7480", "is no endpoint of a daemon")]
    public async Task A_wrong_endpoint_is_told_with_what_to_write(string endpoint, string text)
    {
        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(() => GroupCommClient.ConnectAsync(new GroupCommClientOptions { Endpoints = { endpoint } }, FakeDaemon.Ct));
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
    }

    internal static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
