using System;
using System.Linq;
using System.Threading.Tasks;
using Xunit;
using static GroupComm.Runtime.Tests.TestCluster;

namespace GroupComm.Runtime.Tests;

[GroupMessage("note")]
public sealed record Note(string Text);

public class UnicastTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Unicasts_of_a_pair_come_in_order_to_their_member_only(bool tcp)
    {
        const int Each = 500;
        await using TestCluster cluster = new(tcp);
        IGroupCommNode[] nodes = await cluster.StartAsync(3);
        Recorder[] got = [new(), new(), new()];
        IGroup[] groups = await JoinAllAsync(nodes, (g, i) => g.Register<Note>((note, context, _) =>
        {
            Assert.Equal(DeliveryOrder.Fifo, context.Order);
            got[i].Add($"{context.Sender}>{note.Text}");
            return ValueTask.CompletedTask;
        }));
        foreach (IGroup to in groups)
            for (int i = 0; i < Each; i++)
                await groups[0].SendToAsync(to.Self, new Note($"{i}"), Ct);
        for (int i = 0; i < Each; i++)
            await groups[1].SendToAsync(groups[2].Self, new Note($"{i}"), Ct);
        string[] expected = [.. Enumerable.Range(0, Each).Select(i => $"{groups[0].Self}>{i}")];
        Assert.Equal(expected, await got[0].WaitAsync(Each));
        Assert.Equal(expected, await got[1].WaitAsync(Each));
        string[] both = await got[2].WaitAsync(2 * Each);
        Assert.Equal(expected, both.Where(text => text.StartsWith($"{groups[0].Self}", StringComparison.Ordinal)));
        Assert.Equal(Each, both.Count(text => text.StartsWith($"{groups[1].Self}", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Unicasts_survive_link_resets_once_and_in_order()
    {
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode[] nodes = await cluster.StartAsync(2);
        Recorder got = new();
        IGroup[] groups = await JoinAllAsync(nodes, (g, i) => g.Register<Note>((note, _, _) =>
        {
            got.Add(note.Text);
            return ValueTask.CompletedTask;
        }));
        string[] addresses = [.. nodes[0].View!.Members.Select(member => member.Address)];
        for (int i = 0; i < 400; i++)
        {
            await groups[0].SendToAsync(groups[1].Self, new Note($"{i}"), Ct);
            if (i % 50 == 25)
                cluster.Network.Kill(addresses[0], addresses[1]);
        }
        Assert.Equal(Enumerable.Range(0, 400).Select(i => $"{i}"), await got.WaitAsync(400));
    }

    [Fact]
    public async Task Sender_waits_for_a_member_that_does_not_handle_what_it_gets()
    {
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode[] nodes = await cluster.StartAsync(2);
        TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Recorder got = new();
        IGroup[] groups = await JoinAllAsync(nodes, (g, i) => g.Register<Note>(async (note, _, _) =>
        {
            await go.Task;
            got.Add($"{note.Text.Length}");
        }));
        string text = new('x', 1_000_000);
        Task[] sends = [.. Enumerable.Range(0, 8).Select(_ => groups[0].SendToAsync(groups[1].Self, new Note(text), Ct).AsTask())];
        await Task.WhenAll(sends[..4]).WaitAsync(Limit, Ct);
        Assert.All(sends[4..], send => Assert.False(send.IsCompleted));
        using System.Threading.CancellationTokenSource soon = new();
        Task given = groups[0].SendToAsync(groups[1].Self, new Note("never"), soon.Token).AsTask();
        soon.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        go.SetResult();
        await Task.WhenAll(sends).WaitAsync(Limit, Ct);
        Assert.All(await got.WaitAsync(8), length => Assert.Equal("1000000", length));
    }

    [Fact]
    public async Task What_cannot_be_sent_is_refused_at_once_and_says_why()
    {
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode[] nodes = await cluster.StartAsync(2);
        IGroup[] groups = await JoinAllAsync(nodes, (g, _) => g.Register<Note>((_, _, _) => ValueTask.CompletedTask));
        InvalidOperationException unknown = await Assert.ThrowsAsync<InvalidOperationException>(
            () => groups[0].SendToAsync(new MemberId(nodes[1].Id, "nobody"), new Note("x"), Ct).AsTask());
        Assert.Contains("is no member of group 'g'", unknown.Message, StringComparison.Ordinal);
        MessageTooLargeException large = await Assert.ThrowsAsync<MessageTooLargeException>(
            () => groups[0].SendToAsync(groups[1].Self, new Note(new string('x', 1 << 20)), Ct).AsTask());
        Assert.Contains("one piece", large.Message, StringComparison.Ordinal);
        await nodes[1].DisposeAsync();
        await FirstViewAsync(nodes[0], view => view.Members.Count == 1);
        await Assert.ThrowsAsync<InvalidOperationException>(() => groups[0].SendToAsync(groups[1].Self, new Note("x"), Ct).AsTask());
    }
}
