using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Xunit;
using static GroupComm.Runtime.Tests.TestCluster;

namespace GroupComm.Runtime.Tests;

[GroupMessage("how-many", Order = DeliveryOrder.Agreed)]
public sealed record HowMany(int Of);

[GroupMessage("so-many")]
public sealed record SoMany(string Who, int Count);

[GroupMessage("not-asked-for")]
public sealed record NotAskedFor(int Of);

public class QueryTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_member_answers_a_query_of_all(bool tcp)
    {
        await using TestCluster cluster = new(tcp);
        IGroupCommNode[] nodes = await cluster.StartAsync(3);
        IGroup[] groups = await JoinAllAsync(nodes, (g, i) => g.RegisterQuery<HowMany, SoMany>((q, _, _) => ValueTask.FromResult(new SoMany($"n{i + 1}", q.Of * (i + 1)))));
        foreach (IGroup asker in groups)
        {
            List<Reply<SoMany>> replies = await AskAsync<HowMany, SoMany>(asker, new HowMany(10), QueryTarget.All);
            Assert.Equal(["n1:10", "n2:20", "n3:30"], replies.Select(reply => $"{reply.Value!.Who}:{reply.Value.Count}").Order());
            Assert.Equal(asker.View.Members.Order(), replies.Select(reply => reply.Member).Order());
            Assert.All(replies, reply => Assert.True(reply is { Departed: false, Error: null }));
        }
    }

    [Fact]
    public async Task Majority_and_first_do_not_wait_for_slow_members()
    {
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode[] nodes = await cluster.StartAsync(3);
        TaskCompletionSource slow = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IGroup[] groups = await JoinAllAsync(nodes, (g, i) => g.RegisterQuery<HowMany, int>(async (q, _, _) =>
        {
            if (i == 2)
                await slow.Task;
            return i;
        }));
        Assert.Equal([0, 1], (await AskAsync<HowMany, int>(groups[0], new HowMany(1), QueryTarget.Majority)).Select(reply => reply.Value).Order());
        Assert.Single(await AskAsync<HowMany, int>(groups[1], new HowMany(1), QueryTarget.First(1)));
        Task<List<Reply<int>>> all = AskAsync<HowMany, int>(groups[1], new HowMany(1), QueryTarget.First(9));
        Assert.False(all.IsCompleted);
        slow.SetResult();
        Assert.Equal(3, (await all).Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Member_that_dies_while_it_is_asked_is_reported_as_departed(bool tcp)
    {
        await using TestCluster cluster = new(tcp);
        IGroupCommNode[] nodes = await cluster.StartAsync(3);
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IGroup[] groups = await JoinAllAsync(nodes, (g, i) => g.RegisterQuery<HowMany, int>(async (_, _, ct) =>
        {
            if (i != 2)
                return i;
            asked.TrySetResult();
            await Task.Delay(-1, ct);
            return i;
        }));
        MemberId victim = groups[2].Self;
        Task<List<Reply<int>>> query = AskAsync<HowMany, int>(groups[0], new HowMany(1), QueryTarget.All);
        await asked.Task.WaitAsync(Limit, Ct);
        await ((Node.Node)nodes[2]).CrashAsync();
        List<Reply<int>> replies = await query;
        Assert.Equal(3, replies.Count);
        Assert.Equal(victim, Assert.Single(replies, reply => reply.Departed).Member);
    }

    [Fact]
    public async Task Majority_that_departs_ends_the_query_with_an_error()
    {
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode[] nodes = await cluster.StartAsync(3, options => options.LeaveTimeout = Limit);
        int asked = 0;
        TaskCompletionSource both = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IGroup[] groups = await JoinAllAsync(nodes, (g, i) => g.RegisterQuery<HowMany, int>(async (_, _, ct) =>
        {
            if (i == 0)
                return i;
            if (System.Threading.Interlocked.Increment(ref asked) == 2)
                both.TrySetResult();
            await Task.Delay(-1, ct);
            return i;
        }));
        Task<List<Reply<int>>> query = AskAsync<HowMany, int>(groups[0], new HowMany(1), QueryTarget.Majority);
        await both.Task.WaitAsync(Limit, Ct);
        await Task.WhenAll(nodes[1].DisposeAsync().AsTask(), nodes[2].DisposeAsync().AsTask());
        GroupCommException error = await Assert.ThrowsAsync<GroupCommException>(() => query);
        Assert.Matches("^[01] of 3 members answered and so many departed", error.Message); // the first may not have answered itself yet
    }

    [Fact]
    public async Task Failed_and_missing_handlers_answer_with_an_error_and_the_group_goes_on()
    {
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode[] nodes = await cluster.StartAsync(2);
        IGroup[] groups = await JoinAllAsync(nodes, (g, i) =>
        {
            g.Options.HandlerFailurePolicy = HandlerFailurePolicy.Stop;
            g.RegisterQuery<HowMany, int>((q, _, _) => q.Of == 0 ? throw new InvalidOperationException("of nothing") : ValueTask.FromResult(q.Of));
        });
        List<Reply<int>> failed = await AskAsync<HowMany, int>(groups[0], new HowMany(0), QueryTarget.All);
        Assert.All(failed, reply => Assert.Equal("InvalidOperationException: of nothing", reply.Error));
        List<Reply<int>> missing = await AskAsync<NotAskedFor, int>(groups[0], new NotAskedFor(0), QueryTarget.All);
        Assert.Equal(2, missing.Count);
        Assert.All(missing, reply => Assert.Contains("no query handler", reply.Error!, StringComparison.Ordinal));
        Assert.Equal([7, 7], (await AskAsync<HowMany, int>(groups[0], new HowMany(7), QueryTarget.All)).Select(reply => reply.Value));
        Assert.Equal(2, groups[0].View.Members.Count);
    }

    [Fact]
    public async Task Query_inside_a_handler_of_the_group_is_refused_with_the_reason()
    {
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode node = await cluster.StartAsync(cluster.Options("n1", FreeAddress(), []));
        await node.WaitForPrimaryAsync(Ct);
        TaskCompletionSource<(Exception? Query, Exception? Barrier)> caught = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IGroup group = await node.JoinAsync("g", g => g.Register<HowMany>(async (_, context, _) =>
        {
            Exception? query = Record.Exception(() => { context.Group.QueryAsync<HowMany, int>(new HowMany(1), QueryTarget.All, Ct); });
            Exception? barrier = await Record.ExceptionAsync(() => context.Group.BarrierAsync(Ct).AsTask());
            caught.TrySetResult((query, barrier));
        }), Ct);
        await group.SendAsync(new HowMany(1), Ct);
        (Exception? query, Exception? barrier) = await caught.Task.WaitAsync(Limit, Ct);
        Assert.Contains("inside a handler", Assert.IsType<InvalidOperationException>(query).Message, StringComparison.Ordinal);
        Assert.Contains("inside a handler", Assert.IsType<InvalidOperationException>(barrier).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asker_that_is_stopped_hears_that_the_outcome_is_unknown()
    {
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode[] nodes = await cluster.StartAsync(2);
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IGroup[] groups = await JoinAllAsync(nodes, (g, i) => g.RegisterQuery<HowMany, int>(async (_, _, ct) =>
        {
            asked.TrySetResult();
            await Task.Delay(-1, ct);
            return i;
        }));
        Task<List<Reply<int>>> query = AskAsync<HowMany, int>(groups[0], new HowMany(1), QueryTarget.All);
        await asked.Task.WaitAsync(Limit, Ct);
        await ((Node.Node)nodes[0]).CrashAsync();
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => query);
    }

    [Fact]
    public async Task Enumeration_that_stops_early_leaves_nothing_behind()
    {
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode[] nodes = await cluster.StartAsync(2);
        TaskCompletionSource slow = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IGroup[] groups = await JoinAllAsync(nodes, (g, i) => g.RegisterQuery<HowMany, int>(async (_, _, _) =>
        {
            if (i == 1)
                await slow.Task;
            return i;
        }));
        await foreach (Reply<int> reply in groups[0].QueryAsync<HowMany, int>(new HowMany(1), QueryTarget.All, Ct))
            break;
        using System.Threading.CancellationTokenSource soon = new(50);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (Reply<int> reply in groups[0].QueryAsync<HowMany, int>(new HowMany(1), QueryTarget.All, soon.Token))
                Assert.Equal(0, reply.Value);
        });
        slow.SetResult();
        Assert.Equal(2, (await AskAsync<HowMany, int>(groups[0], new HowMany(1), QueryTarget.All)).Count);
    }

    private static async Task<List<Reply<TReply>>> AskAsync<TQuery, TReply>(IGroup group, TQuery query, QueryTarget target)
    {
        List<Reply<TReply>> replies = [];
        using System.Threading.CancellationTokenSource late = System.Threading.CancellationTokenSource.CreateLinkedTokenSource(Ct);
        late.CancelAfter(Limit);
        await foreach (Reply<TReply> reply in group.QueryAsync<TQuery, TReply>(query, target, late.Token))
            replies.Add(reply);
        return replies;
    }
}
