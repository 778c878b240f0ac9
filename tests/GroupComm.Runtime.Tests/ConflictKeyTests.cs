using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Xunit;
using static GroupComm.Runtime.Tests.TestCluster;

namespace GroupComm.Runtime.Tests;

public class ConflictKeyTests
{
    public sealed record Order
    {
        public int Key { get; init; }

        public int Number { get; init; }
    }

    [Fact]
    public async Task Handlers_of_64_keys_run_side_by_side_and_each_key_in_order()
    {
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode node = (await cluster.StartAsync(1))[0];
        Watch watch = new();
        TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IGroup group = await node.JoinAsync("g", g => g.Register<Order>(async (order, context, ct) =>
        {
            watch.Begin(order);
            long position = context.Position;
            if (watch.Running == 64)
                all.TrySetResult();
            await all.Task.WaitAsync(Limit, ct); // none ends before one of each key has begun
            await Task.Delay(order.Number * 7 % 16, ct);
            Assert.Equal(position, context.Position); // a context of its own
            watch.End(order);
        }, order => order.Key), Ct);
        for (int i = 0; i < 640; i++)
            await group.SendAsync(new Order { Key = i % 64, Number = i }, Ct);
        await watch.Ended(640);
        Assert.Equal(64, watch.MostAtOnce);
        Assert.Empty(watch.Overlaps);
        foreach (IGrouping<int, Order> key in watch.Begun.GroupBy(order => order.Key))
            Assert.Equal(key.Select(order => order.Number).Order(), key.Select(order => order.Number));
    }

    [Fact]
    public async Task A_slow_key_holds_back_no_other()
    {
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode node = (await cluster.StartAsync(1))[0];
        TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Watch watch = new();
        IGroup group = await node.JoinAsync("g", g => g.Register<Order>(async (order, _, _) =>
        {
            watch.Begin(order);
            if (order.Key == 0)
                await open.Task;
            watch.End(order);
        }, order => order.Key), Ct);
        await group.SendAsync(new Order { Key = 0, Number = -1 }, Ct);
        for (int i = 0; i < 500; i++)
            await group.SendAsync(new Order { Key = 1 + (i % 7), Number = i }, Ct);
        await watch.Ended(500);
        open.SetResult();
        await watch.Ended(501);
        Assert.Empty(watch.Overlaps);
    }

    [Fact]
    public async Task A_view_handler_and_messages_without_a_key_run_alone()
    {
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode[] nodes = await cluster.StartAsync(2);
        Watch watch = new();
        ConcurrentQueue<string> broken = new();
        int views = 0;
        IGroup group = await nodes[0].JoinAsync("g", g => g
            .Register<Order>(async (order, _, ct) =>
            {
                watch.Begin(order);
                await Task.Delay(3, ct);
                if (order.Key < 0 && watch.Running > 1)
                    broken.Enqueue("a message without a key was not alone");
                watch.End(order);
            }, order => order.Key < 0 ? null : order.Key)
            .RegisterBytes(async (_, _, ct) =>
            {
                await Task.Delay(3, ct);
                if (watch.Running > 0)
                    broken.Enqueue("raw bytes were not alone");
            })
            .OnView(async (_, ct) =>
            {
                for (int i = 0; i < 5; i++)
                {
                    if (watch.Running > 0)
                        broken.Enqueue("a view was not alone");
                    await Task.Delay(2, ct);
                }
                Interlocked.Increment(ref views);
            }), Ct);
        Task<int> sending = Task.Run(async () =>
        {
            int i = 0;
            for (; i < 100 || Volatile.Read(ref views) < 8; i++)
            {
                await group.SendAsync(new Order { Key = i % 20 == 7 ? -1 : i % 8, Number = i }, Ct);
                if (i % 50 == 9)
                    await group.SendBytesAsync(new byte[3], DeliveryOrder.Agreed, Ct);
                if (i % 10 == 0)
                    await Task.Delay(5, Ct); // about as fast as they are handled
            }
            return i;
        }, Ct);
        for (int i = 0; i < 5; i++)
        {
            IGroup other = await nodes[1].JoinAsync("g", g => g.RegisterBytes((_, _, _) => ValueTask.CompletedTask), Ct);
            await other.LeaveAsync(Ct);
        }
        await watch.Ended(await sending);
        Assert.Empty(broken);
        Assert.Empty(watch.Overlaps);
        Assert.True(watch.MostAtOnce > 1);
    }

    [Fact]
    public async Task Events_stand_in_the_order_of_delivery_and_each_after_its_handler()
    {
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode node = (await cluster.StartAsync(1))[0];
        ConcurrentDictionary<long, bool> handled = new();
        IGroup group = await node.JoinAsync("g", g => g.UseEvents(4).Register<Order>(async (order, context, ct) =>
        {
            long position = context.Position;
            await Task.Delay(order.Number % 9, ct);
            handled[position] = true;
        }, order => order.Key), Ct);
        Task sending = Task.Run(async () =>
        {
            for (int i = 0; i < 300; i++)
                await group.SendAsync(new Order { Key = i % 16, Number = i }, Ct);
        }, Ct);
        long next = 1;
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        late.CancelAfter(Limit);
        await foreach (GroupEvent each in group.ReadEventsAsync(late.Token))
        {
            if (each is not MessageDelivered delivered)
                continue;
            Assert.Equal(next++, delivered.Position);
            Assert.True(handled.ContainsKey(delivered.Position));
            if (next > 300)
                break;
        }
        await sending;
    }

    [Fact]
    public async Task A_key_function_that_throws_is_a_failure_and_the_others_go_on()
    {
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode node = (await cluster.StartAsync(1))[0];
        Watch watch = new();
        IGroup group = await node.JoinAsync("g", g => g.Register<Order>((order, _, _) =>
        {
            watch.Begin(order);
            watch.End(order);
            return order.Number == 5 ? throw new InvalidOperationException("bad") : ValueTask.CompletedTask;
        }, order => order.Number == 3 ? throw new InvalidOperationException("no key") : order.Key), Ct);
        for (int i = 0; i < 10; i++)
            await group.SendAsync(new Order { Key = i, Number = i }, Ct);
        await watch.Ended(9);
        await UntilAsync(() => ((Node.Node)node).HandlerFailures == 2);
        Assert.DoesNotContain(watch.Begun, order => order.Number == 3);
        await UntilAsync(() => SentAndConsumed(node));
    }

    [Fact]
    public async Task More_than_the_limit_in_flight_waits_and_everything_is_handled()
    {
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode node = (await cluster.StartAsync(1))[0];
        TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Watch watch = new();
        IGroup group = await node.JoinAsync("g", g => g.Register<Order>(async (order, _, _) =>
        {
            watch.Begin(order);
            await open.Task;
            watch.End(order);
        }, order => order.Number), Ct);
        for (int i = 0; i < 1500; i++)
            await group.SendAsync(new Order { Number = i }, Ct);
        await UntilAsync(() => watch.Running == Core.CoreLimits.KeysInFlight);
        open.SetResult();
        await watch.Ended(1500);
        Assert.Equal(Core.CoreLimits.KeysInFlight, watch.MostAtOnce);
    }

    [Fact]
    public async Task With_policy_stop_a_failed_key_makes_the_replica_leave()
    {
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode[] nodes = await cluster.StartAsync(3);
        IGroup[] groups = await JoinAllAsync(nodes, (g, _) =>
        {
            g.Options.HandlerFailurePolicy = HandlerFailurePolicy.Stop;
            g.Register<Order>((order, _, _) => order.Number == 1 ? throw new InvalidOperationException("bad") : ValueTask.CompletedTask, order => order.Key);
        });
        int senior = Array.FindIndex(groups, group => group.Self == groups[0].View.Members[0]);
        await groups[senior].SendAsync(new Order { Number = 1 }, Ct);
        for (int i = 0; i < 3; i++)
            if (i != senior)
            {
                IGroup group = groups[i];
                await UntilAsync(() => group.Status == GroupStatus.Left);
            }
        await UntilAsync(() => groups[senior].View.Members.Count == 1);
        Assert.Equal(GroupStatus.Active, groups[senior].Status);
    }

    [Fact]
    public async Task The_key_of_a_send_stands_in_the_trace()
    {
        string path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"groupcomm-keys-{Guid.NewGuid():N}.jsonl");
        try
        {
            await using (TestCluster cluster = new(tcp: false))
            {
                IGroupCommNode node = (await cluster.StartAsync(1, options => options.TraceFile = path))[0];
                Watch watch = new();
                IGroup group = await node.JoinAsync("g", g => g.Register<Order>((order, _, _) =>
                {
                    watch.Begin(order);
                    watch.End(order);
                    return ValueTask.CompletedTask;
                }, order => order.Key == 0 ? null : order.Key), Ct);
                await group.SendAsync(new Order { Key = 4711 }, Ct);
                await group.SendAsync(new Order { Key = 0 }, Ct);
                await watch.Ended(2);
            }
            string[] sends = [.. System.IO.File.ReadLines(path).Where(line => line.Contains("\"ev\":\"send\""))];
            Assert.Equal(2, sends.Length);
            Assert.Contains("\"key\":\"4711\"", sends[0]);
            Assert.Contains("\"key\":null", sends[1]);
        }
        finally
        {
            System.IO.File.Delete(path);
        }
    }

    [Fact]
    public void A_key_that_changes_or_cannot_be_compared_finds_itself_again()
    {
        Core.Delivery.KeySchedule<Delivery.MessageKey> schedule = new(limit: 8);
        Moody key = new();
        int first = schedule.Admit(new Delivery.MessageKey(key)), second = schedule.Admit(new Delivery.MessageKey(new Moody()));
        Assert.True(schedule.TryStart(out int started));
        Assert.Equal(first, started);
        Assert.False(schedule.TryStart(out _)); // not comparable: they conflict
        key.Hash = 9;
        schedule.Complete(first);
        Assert.True(schedule.TryStart(out started));
        Assert.Equal(second, started);
        schedule.Complete(second);
        Assert.Equal(0, schedule.Count);
    }

    private sealed class Moody
    {
        public int Hash { get; set; } = 5;

        public override bool Equals(object? obj) => throw new InvalidOperationException("not today");

        public override int GetHashCode() => Hash;
    }

    private static bool SentAndConsumed(IGroupCommNode node) => ((Node.Node)node).Unconsumed == 0;

    internal static async Task UntilAsync(Func<bool> condition)
    {
        long until = Environment.TickCount64 + (long)Limit.TotalMilliseconds;
        while (!condition())
        {
            Assert.True(Environment.TickCount64 < until, "it does not come to that");
            await Task.Delay(5, Ct);
        }
    }

    /// <summary>Which handlers began and ended.</summary>
    private sealed class Watch
    {
        private readonly Lock _lock = new();
        private readonly Dictionary<int, int> _running = [];
        private readonly List<Order> _begun = [];
        private int _ended;

        public List<string> Overlaps { get; } = [];

        public int MostAtOnce { get; private set; }

        public Order[] Begun
        {
            get
            {
                lock (_lock)
                    return [.. _begun];
            }
        }

        public int Running
        {
            get
            {
                lock (_lock)
                    return _running.Count;
            }
        }

        public void Begin(Order order)
        {
            lock (_lock)
            {
                if (!_running.TryAdd(HashOf(order), order.Number))
                    Overlaps.Add($"{order.Number} meets another of key {order.Key}");
                _begun.Add(order);
                MostAtOnce = Math.Max(MostAtOnce, _running.Count);
            }
        }

        public void End(Order order)
        {
            lock (_lock)
            {
                _running.Remove(HashOf(order));
                _ended++;
            }
        }

        public Task Ended(int count) => UntilAsync(() =>
        {
            lock (_lock)
                return _ended >= count;
        });

        // Tests that use the number as the key leave Key at 0.
        private static int HashOf(Order order) => order.Key != 0 ? order.Key : 1000 + order.Number;
    }
}
