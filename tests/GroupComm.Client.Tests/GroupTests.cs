using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using GroupComm.Client.Frames;
using MessagePack;
using Xunit;

namespace GroupComm.Client.Tests;

/// <summary>What the contract says of a group, where the conformance suite has no words for it.</summary>
public sealed class GroupTests
{
    [Fact]
    public async Task Handlers_of_different_keys_run_side_by_side_and_acknowledgements_keep_the_order()
    {
        using FakeDaemon daemon = new();
        TaskCompletionSource slow = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ConcurrentQueue<string> begun = new();
        TaskCompletionSource quickDone = new(TaskCreationOptions.RunContinuationsAsynchronously);
        (GroupCommClient client, _) = await daemon.JoinedAsync(g => g.Register<Put>(async (put, _, _) =>
        {
            begun.Enqueue($"{put.Key}{put.Number}");
            if (put is { Key: "a", Number: 1 })
                await slow.Task;
            if (put is { Key: "b", Number: 4 })
                quickDone.SetResult();
        }, put => put.Key));
        (string, int)[] puts = [("a", 1), ("b", 2), ("a", 3), ("b", 4)];
        foreach ((string key, int number) in puts)
            await daemon.SayAsync(FrameKind.Message, $"n2#1:1:{number}", "n2#1/x", 3, number, "put", Packed(new Put(key, number)));
        await quickDone.Task.WaitAsync(FakeDaemon.Limit, FakeDaemon.Ct);
        Assert.DoesNotContain("a3", begun);
        await daemon.NothingIsAcknowledgedAsync();
        slow.SetResult();
        await daemon.AcknowledgedAsync(6);
        Assert.Equal(["a1", "a3"], begun.Where(each => each[0] == 'a'));
        Assert.Equal(["b2", "b4"], begun.Where(each => each[0] == 'b'));
        await daemon.EndAsync(client);
    }

    [Fact]
    public async Task What_would_wait_for_its_own_handler_is_refused_inside_of_it()
    {
        using FakeDaemon daemon = new();
        TaskCompletionSource<string[]> refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
        (GroupCommClient client, _) = await daemon.JoinedAsync(g => g.RegisterBytes(async (_, context, _) =>
        {
            IGroup group = context.Group;
            List<string> errors = [];
            foreach (Func<Task> call in (Func<Task>[])[() => group.BarrierAsync().AsTask(), () => group.LeaveAsync(), async () => await group.QueryAsync<Put, Put>(new Put("", 0), QueryTarget.All).GetAsyncEnumerator().MoveNextAsync()])
                errors.Add((await Assert.ThrowsAsync<InvalidOperationException>(call)).Message);
            refused.SetResult([.. errors]);
        }));
        await daemon.MessageAsync(1, "x");
        Assert.All(await refused.Task.WaitAsync(FakeDaemon.Limit, FakeDaemon.Ct), error => Assert.Contains("outside of it", error, StringComparison.Ordinal));
        await daemon.EndAsync(client);
    }

    [Fact]
    public async Task A_typed_unicast_and_a_typed_query_carry_the_ids_of_their_types()
    {
        using FakeDaemon daemon = new();
        (GroupCommClient client, IGroup group) = await daemon.JoinedAsync(g => g.RegisterQuery<Put, Put>((put, _, _) => ValueTask.FromResult(put with { Number = put.Number + 1 })));
        Task unicast = group.SendToAsync(group.Self, new Put("k", 1)).AsTask();
        object?[] sent = await daemon.NextAsync(FrameKind.SendTo);
        Assert.Equal(("n1#1/m", "put"), (sent[2], sent[3]));
        await daemon.SayAsync(FrameKind.Done, sent[1]);
        await unicast.WaitAsync(FakeDaemon.Limit, FakeDaemon.Ct);
        Assert.IsType<InvalidOperationException>(await Record.ExceptionAsync(async () => await group.SendToAsync(new MemberId(new NodeId("x", 1), "y"), new Put("k", 1))));

        await using IAsyncEnumerator<Reply<Put>> replies = group.QueryAsync<Put, Put>(new Put("k", 1), QueryTarget.First(1)).GetAsyncEnumerator(FakeDaemon.Ct);
        ValueTask<bool> first = replies.MoveNextAsync();
        object?[] query = await daemon.NextAsync(FrameKind.Query);
        Assert.Equal(("put", 1L), (query[2], FakeDaemon.Number(query[5])));
        await daemon.SayAsync(FrameKind.Ask, 5, "n1#1:1:2", "n1#1/m", 3, 1, "put", query[3]);
        object?[] reply = await daemon.NextAsync(FrameKind.Reply);
        Assert.Equal((5L, true), (FakeDaemon.Number(reply[1]), reply[2]));
        await daemon.SayAsync(FrameKind.Answer, query[1], "n1#1/m", 0, reply[3]);
        Assert.True(await first);
        Assert.Equal(new Put("k", 2), replies.Current.Value);
        await daemon.SayAsync(FrameKind.Done, query[1]);
        Assert.False(await replies.MoveNextAsync());
        await daemon.EndAsync(client);
    }

    [Fact]
    public async Task A_member_whose_handler_fails_leaves_if_that_is_its_policy_and_handles_nothing_more()
    {
        using FakeDaemon daemon = new();
        List<string> handled = [];
        (GroupCommClient client, IGroup group) = await daemon.JoinedAsync(g =>
        {
            g.Options.HandlerFailurePolicy = HandlerFailurePolicy.Stop;
            g.RegisterBytes((payload, _, _) =>
            {
                handled.Add(Encoding.UTF8.GetString(payload));
                throw new InvalidOperationException("a defect");
            });
        });
        await daemon.MessageAsync(1, "alone"); // the last one stays
        await daemon.AcknowledgedAsync(3);
        await daemon.ViewAsync("n1#1/m", 2, "n2#1/older");
        await daemon.MessageAsync(1, "fails");
        await daemon.MessageAsync(2, "passed over");
        object?[] leave = await daemon.NextAsync(FrameKind.Leave);
        await daemon.SayAsync(FrameKind.Left, "the member has left");
        await daemon.SayAsync(FrameKind.Reached, leave[1]);
        await group.LeaveAsync(FakeDaemon.Ct).WaitAsync(FakeDaemon.Limit, FakeDaemon.Ct);
        Assert.Equal(["alone", "fails"], handled);
        Assert.Equal(GroupStatus.Left, group.Status);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await group.SendBytesAsync(SessionTests.Bytes("x"), DeliveryOrder.Fifo));
        await daemon.EndAsync(client);
    }

    [Fact]
    public async Task A_restore_whose_donor_is_gone_fails_to_read_and_the_next_one_counts()
    {
        using FakeDaemon daemon = new();
        List<string> restored = [];
        Task<GroupCommClient> connecting = GroupCommClient.ConnectAsync(daemon.Options, FakeDaemon.Ct);
        await daemon.AcceptAsync();
        await daemon.WelcomeAsync();
        GroupCommClient client = await connecting;
        Task<IGroup> joining = client.JoinAsync("g", g => g.RegisterState((output, ct) => output.WriteAsync(SessionTests.Bytes("mine"), ct).AsTask(), async (input, ct) =>
        {
            using StreamReader reader = new(input);
            try
            {
                restored.Add(await reader.ReadToEndAsync(ct));
            }
            catch (Exception error) when (error is IOException or OperationCanceledException)
            {
                restored.Add("broken off");
                throw;
            }
        }), FakeDaemon.Ct);
        object?[] join = await daemon.NextAsync(FrameKind.Join);
        Assert.True((bool)((IDictionary<object, object>)join[4]!)["state"]);
        await daemon.SayAsync(FrameKind.Restore, 1);
        await daemon.SayAsync(FrameKind.Part, 1, SessionTests.Bytes("half"));
        await daemon.SayAsync(FrameKind.Cancel, 1);
        await daemon.SayAsync(FrameKind.Restore, 2);
        await daemon.SayAsync(FrameKind.Part, 2, SessionTests.Bytes("the "));
        await daemon.SayAsync(FrameKind.Part, 2, SessionTests.Bytes("whole"));
        await daemon.SayAsync(FrameKind.End, 2, null);
        object?[] end = await daemon.NextAsync(FrameKind.End);
        Assert.Equal((2L, null), (FakeDaemon.Number(end[1]), end[2]));
        await daemon.ViewAsync("n1#1/m");
        await daemon.SayAsync(FrameKind.Reached, join[1]);
        await joining.WaitAsync(FakeDaemon.Limit, FakeDaemon.Ct);
        Assert.Equal("the whole", restored[^1]);
        await daemon.SayAsync(FrameKind.Capture, 3);
        Assert.Equal("mine", FakeDaemon.Text((await daemon.NextAsync(FrameKind.Part))[2]));
        Assert.Equal(3, FakeDaemon.Number((await daemon.NextAsync(FrameKind.End))[1]));
        await daemon.EndAsync(client);
    }

    [Fact]
    public async Task A_refused_join_names_the_step_and_leaves_the_client_usable()
    {
        using FakeDaemon daemon = new();
        Task<GroupCommClient> connecting = GroupCommClient.ConnectAsync(daemon.Options, FakeDaemon.Ct);
        await daemon.AcceptAsync();
        await daemon.WelcomeAsync();
        GroupCommClient client = await connecting;
        Task<IGroup> first = client.JoinAsync("g", _ => { }, FakeDaemon.Ct);
        object?[] join = await daemon.NextAsync(FrameKind.Join);
        await daemon.SayAsync(FrameKind.Failed, join[1], "name-taken", "'m' is in use", "take another");
        JoinException error = await Assert.ThrowsAsync<JoinException>(() => first.WaitAsync(FakeDaemon.Limit));
        Assert.Equal(JoinStep.Options, error.Step);
        Assert.Contains("take another MemberName", error.Message, StringComparison.Ordinal);
        Task<IGroup> second = client.JoinAsync("g", _ => { }, FakeDaemon.Ct);
        join = await daemon.NextAsync(FrameKind.Join);
        await daemon.ViewAsync("n1#1/m");
        await daemon.SayAsync(FrameKind.Reached, join[1]);
        Assert.Equal("n1#1/m", (await second.WaitAsync(FakeDaemon.Limit, FakeDaemon.Ct)).Self.ToString());
        await daemon.EndAsync(client);
    }

    [Fact]
    public async Task Mistakes_are_told_where_they_are_made()
    {
        using FakeDaemon daemon = new();
        (GroupCommClient client, IGroup group) = await daemon.JoinedAsync();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await group.SendBytesAsync(SessionTests.Bytes("x"), 0));
        await Assert.ThrowsAsync<MessageTooLargeException>(async () => await group.SendBytesAsync(new byte[(1 << 20) + 1], DeliveryOrder.Fifo));
        Assert.Throws<InvalidOperationException>(() => group.ReadEventsAsync(FakeDaemon.Ct));
        await Assert.ThrowsAsync<ArgumentException>(() => client.JoinAsync("g", g => g.Options.SlowConsumerPolicy = SlowConsumerPolicy.Report));
        await Assert.ThrowsAsync<ArgumentException>(() => client.JoinAsync("g", g => g.Options.MemberName = "a b"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.JoinAsync("g", g => g.Register<Put>((_, _, _) => default).Register<Put>((_, _, _) => default)));
        await daemon.EndAsync(client);
    }

    private static byte[] Packed(Put put) => MessagePackSerializer.Serialize(put, MessagePack.Resolvers.ContractlessStandardResolver.Options);

    [GroupMessage("put", Order = DeliveryOrder.Causal)]
    public sealed record Put(string Key, int Number);
}
