using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Xunit;
using static GroupComm.Runtime.Tests.ConflictKeyTests;
using static GroupComm.Runtime.Tests.TestCluster;

namespace GroupComm.Runtime.Tests;

public class SlowConsumerTests
{
    private const int Window = 64 << 10;

    /// <summary>The patience with a member that never goes on; with the others it is long, so that none of them is slow by bad luck.</summary>
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(400);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_member_that_stands_still_is_removed_and_the_senders_go_on(bool keyed)
    {
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode[] nodes = await cluster.StartAsync(3, options => options.SendWindow = Window);
        TaskCompletionSource cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int got = 0;
        IGroup[] groups = await JoinAllAsync(nodes, (g, i) =>
        {
            g.Options.SlowConsumerTimeout = i == 2 ? Short : Limit;
            g.UseEvents();
            g.Register<byte[]>(async (_, _, ct) =>
            {
                if (i != 2)
                {
                    Interlocked.Increment(ref got);
                    return;
                }
                ct.Register(() => cancelled.TrySetResult());
                await Task.Delay(-1, CancellationToken.None); // never returns
            }, keyed ? bytes => bytes.Length % 7 : null);
        });
        Task<List<GroupEvent>> events = AllEventsAsync(groups[2]);
        for (int i = 0; i < 200; i++)
            await groups[i % 2].SendAsync(new byte[2048 + i], Ct).AsTask().WaitAsync(Limit, Ct);
        await UntilAsync(() => Volatile.Read(ref got) == 400);
        await UntilAsync(() => groups[2].Status == GroupStatus.Left);
        await cancelled.Task.WaitAsync(Limit, Ct);
        Assert.IsType<Left>((await events.WaitAsync(Limit, Ct))[^1]);
        await UntilAsync(() => groups[0].View is { Members.Count: 2, Reason: "slow consumer" });
        await UntilAsync(() => nodes.All(node => ((Node.Node)node).Unconsumed == 0));
        Assert.Equal(1, ((Node.Node)nodes[2]).SlowConsumers);
        Assert.All(nodes, node => Assert.Equal(3, node.View!.Members.Count)); // the member went, its node did not
        await groups[2].LeaveAsync(Ct).WaitAsync(Limit, Ct);
    }

    [Fact]
    public async Task What_a_removed_member_waited_to_send_is_refused()
    {
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode[] nodes = await cluster.StartAsync(2, options => options.SendWindow = Window);
        List<string> from = [];
        IGroup[] groups = await JoinAllAsync(nodes, (g, i) =>
        {
            g.Options.SlowConsumerTimeout = i == 1 ? Short : Limit;
            g.RegisterBytes(async (_, context, _) =>
            {
                if (i == 1)
                    await Task.Delay(-1, CancellationToken.None); // never returns
                lock (from)
                    from.Add($"{context.Id} {context.Sender}");
            });
        });
        // Its own handler stands still, so its window stays full until it is removed: then the others have consumed, and room is for the rest.
        Task<SendReceipt>[] sends = [.. Enumerable.Range(0, 40).Select(_ => groups[1].SendBytesAsync(new byte[4096], DeliveryOrder.Agreed, Ct).AsTask())];
        await UntilAsync(() => sends.All(send => send.IsCompleted));
        Exception?[] errors = [.. sends.Select(send => send.Exception?.InnerException)];
        Assert.Contains(errors, error => error is InvalidOperationException && error.Message.Contains("left the group", StringComparison.Ordinal));
        int admitted = errors.Count(error => error is null);
        await UntilAsync(() => { lock (from) return from.Count == admitted; });
        Assert.All(from, each => Assert.EndsWith($" {groups[1].Self}", each)); // nothing from nobody
    }

    [Fact]
    public async Task A_member_that_consumes_slowly_stays()
    {
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode node = (await cluster.StartAsync(1, options => options.SendWindow = Window))[0];
        int got = 0;
        TimeSpan patience = TimeSpan.FromSeconds(3); // all handlers together take longer, and one never does, however busy the machine
        IGroup group = await node.JoinAsync("g", g =>
        {
            g.Options.SlowConsumerTimeout = patience;
            g.RegisterBytes(async (_, _, ct) =>
            {
                await Task.Delay(patience / 30, ct);
                Interlocked.Increment(ref got);
            });
        }, Ct);
        // All in one unit: progress inside of it counts.
        await Task.WhenAll(Enumerable.Range(0, 36).Select(_ => group.SendBytesAsync(new byte[16], DeliveryOrder.Agreed, Ct).AsTask()));
        await UntilAsync(() => Volatile.Read(ref got) == 36);
        Assert.Equal(0, ((Node.Node)node).SlowConsumers);
        Assert.Equal(GroupStatus.Active, group.Status);
    }

    [Fact]
    public async Task With_report_the_queue_grows_to_its_limit_and_then_the_member_goes()
    {
        const int Limit = 512 << 10;
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode[] nodes = await cluster.StartAsync(2, options => options.SendWindow = Window);
        int got = 0;
        IGroup[] groups = await JoinAllAsync(nodes, (g, i) =>
        {
            g.Options.SlowConsumerTimeout = i == 1 ? Short : TestCluster.Limit;
            g.Options.SlowConsumerPolicy = SlowConsumerPolicy.Report;
            g.Options.SlowConsumerQueueLimit = Limit;
            g.RegisterBytes(async (_, _, _) =>
            {
                if (i == 1)
                    await Task.Delay(-1, CancellationToken.None);
                Interlocked.Increment(ref got);
            });
        });
        int sent = 0;
        while (sent < Limit / 4096)
        {
            await groups[0].SendBytesAsync(new byte[4096], DeliveryOrder.Agreed, Ct).AsTask().WaitAsync(TestCluster.Limit, Ct);
            sent++;
        }
        Assert.Equal(GroupStatus.Active, groups[1].Status); // reported, and senders went far beyond their window
        Assert.Equal(1, ((Node.Node)nodes[1]).SlowConsumers);
        for (int i = 0; i < 100; i++, sent++)
            await groups[0].SendBytesAsync(new byte[4096], DeliveryOrder.Agreed, Ct).AsTask().WaitAsync(TestCluster.Limit, Ct);
        await UntilAsync(() => groups[1].Status == GroupStatus.Left);
        await UntilAsync(() => Volatile.Read(ref got) == sent);
        await UntilAsync(() => nodes.All(node => ((Node.Node)node).Unconsumed == 0));
    }

    [Fact]
    public async Task With_report_a_member_that_wakes_up_handles_all_of_it()
    {
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode[] nodes = await cluster.StartAsync(2, options => options.SendWindow = Window);
        TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int[] got = new int[2];
        IGroup[] groups = await JoinAllAsync(nodes, (g, i) =>
        {
            g.Options.SlowConsumerTimeout = i == 1 ? Short : Limit;
            g.Options.SlowConsumerPolicy = SlowConsumerPolicy.Report;
            g.RegisterBytes(async (payload, _, _) =>
            {
                if (i == 1)
                    await open.Task;
                Assert.Equal(got[i]++ % 251, payload.FirstSpan[0]); // in order, and the memory is still the message's
            });
        });
        for (int i = 0; i < 100; i++)
            await groups[0].SendBytesAsync(Enumerable.Repeat((byte)(i % 251), 4096).ToArray(), DeliveryOrder.Agreed, Ct).AsTask().WaitAsync(Limit, Ct);
        open.SetResult();
        await UntilAsync(() => Volatile.Read(ref got[1]) == 100);
        Assert.Equal(0, ((Node.Node)nodes[1]).HandlerFailures);
        Assert.Equal(GroupStatus.Active, groups[1].Status);
    }

    [Fact]
    public async Task A_member_that_left_inside_a_handler_that_does_not_return_holds_nobody_up()
    {
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode[] nodes = await cluster.StartAsync(2, options => options.SendWindow = Window);
        TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IGroup[] groups = await JoinAllAsync(nodes, (g, i) =>
        {
            g.Options.SlowConsumerTimeout = i == 1 ? Short : Limit;
            g.RegisterBytes(async (_, _, _) =>
            {
                if (i == 1)
                {
                    entered.TrySetResult();
                    await Task.Delay(-1, CancellationToken.None);
                }
            });
        });
        await groups[0].SendBytesAsync(new byte[100], DeliveryOrder.Agreed, Ct);
        await entered.Task.WaitAsync(Limit, Ct);
        await groups[1].LeaveAsync(Ct).WaitAsync(Limit, Ct);
        await UntilAsync(() => nodes.All(node => ((Node.Node)node).Unconsumed == 0));
    }

    [Fact]
    public async Task Limits_of_a_consumer_are_checked()
    {
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode node = (await cluster.StartAsync(1))[0];
        ArgumentException time = await Assert.ThrowsAsync<ArgumentException>(() => node.JoinAsync("g", g => g.Options.SlowConsumerTimeout = TimeSpan.Zero, Ct));
        Assert.Contains("200 ms to 24 h", time.Message);
        ArgumentException queue = await Assert.ThrowsAsync<ArgumentException>(() => node.JoinAsync("g", g => g.Options.SlowConsumerQueueLimit = 1, Ct));
        Assert.Contains("64 KiB to 1 GiB", queue.Message);
    }

    private static async Task<List<GroupEvent>> AllEventsAsync(IGroup group)
    {
        List<GroupEvent> all = [];
        await foreach (GroupEvent each in group.ReadEventsAsync(Ct))
            all.Add(each);
        return all;
    }
}
