using System;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Testing.Laws;
using Xunit;
using static GroupComm.Runtime.Tests.Recorder;
using static GroupComm.Runtime.Tests.TestCluster;

namespace GroupComm.Runtime.Tests;

public class StateTransferTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_member_that_joins_under_load_has_the_state_of_the_others(bool tcp)
    {
        await using TestCluster cluster = new(tcp);
        IGroupCommNode[] nodes = await cluster.StartAsync(3);
        Ledger[] ledgers = [new(), new(), new()];
        IGroup first = await JoinAsync(nodes[0], ledgers[0]), second = await JoinAsync(nodes[1], ledgers[1]);
        using CancellationTokenSource stop = new();
        Task<int>[] load = [SendAsync(first, "a", stop.Token), SendAsync(second, "b", stop.Token)];
        await ledgers[0].Handled.WaitAsync(200);
        IGroup third = await JoinAsync(nodes[2], ledgers[2]);
        Assert.Equal(GroupStatus.Active, third.Status);
        Assert.Equal(1, ledgers[2].Restores);
        Assert.NotEmpty(ledgers[2].Texts);
        await ledgers[0].Handled.WaitAsync(1000);
        await stop.CancelAsync();
        int sent = (await Task.WhenAll(load)).Sum();
        await AllHaveAsync(sent, ledgers);
        Assert.Equal((2, 0), (ledgers[0].Captures, ledgers[1].Captures));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_state_of_21_MiB_arrives_whole(bool tcp)
    {
        await using TestCluster cluster = new(tcp);
        IGroupCommNode[] nodes = await cluster.StartAsync(2);
        Ledger donor = new(ballast: 21 << 20), joiner = new();
        IGroup group = await JoinAsync(nodes[0], donor);
        await group.SendBytesAsync(Bytes("before"), DeliveryOrder.Agreed, Ct);
        await JoinAsync(nodes[1], joiner);
        Assert.Equal(21 << 20, joiner.LastBallast);
        Assert.Equal(["before"], joiner.Texts);
    }

    [Fact]
    public async Task What_was_delivered_meanwhile_is_handled_after_the_restore_and_its_senders_did_not_wait()
    {
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode[] nodes = await cluster.StartAsync(2, options => options.SendWindow = 64 << 10);
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously), go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Ledger donor = new(), joiner = new()
        {
            WhileRestored = () =>
            {
                begun.TrySetResult();
                return go.Task;
            },
        };
        IGroup group = await JoinAsync(nodes[0], donor);
        await group.SendBytesAsync(Bytes("before"), DeliveryOrder.Agreed, Ct);
        Task<IGroup> join = JoinAsync(nodes[1], joiner);
        await begun.Task.WaitAsync(Limit, Ct);
        // Ten times the window, delivered at the donor while the joiner restores.
        for (int i = 0; i < 640; i++)
            await group.SendBytesAsync(new byte[1024], DeliveryOrder.Fifo, Ct).AsTask().WaitAsync(Limit, Ct);
        await donor.Handled.WaitAsync(641);
        Assert.False(join.IsCompleted);
        Assert.Empty(joiner.Texts);
        go.SetResult();
        await join.WaitAsync(Limit, Ct);
        await joiner.Handled.WaitAsync(640);
        Assert.Equal(donor.Texts, joiner.Texts);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_donor_that_dies_in_the_middle_is_replaced_by_the_next(bool tcp)
    {
        await using TestCluster cluster = new(tcp);
        IGroupCommNode[] nodes = await cluster.StartAsync(4);
        TaskCompletionSource middle = new(TaskCreationOptions.RunContinuationsAsynchronously), never = new();
        Ledger[] ledgers = [new(ballast: 8 << 20), new(ballast: 8 << 20), new(ballast: 8 << 20), new()];
        IGroup group = await JoinAsync(nodes[0], ledgers[0]);
        await JoinAsync(nodes[1], ledgers[1]);
        await JoinAsync(nodes[2], ledgers[2]);
        await group.SendBytesAsync(Bytes("before"), DeliveryOrder.Agreed, Ct);
        await ledgers[1].Handled.WaitAsync(1);
        ledgers[0].WhileCaptured = block =>
        {
            if (block < 40)
                return Task.CompletedTask;
            middle.TrySetResult();
            return never.Task;
        };
        Task<IGroup> join = JoinAsync(nodes[3], ledgers[3]);
        await middle.Task.WaitAsync(Limit, Ct);
        await ((Node.Node)nodes[0]).CrashAsync();
        IGroup joined = await join.WaitAsync(Limit, Ct);
        Assert.Equal(["before"], ledgers[3].Texts);
        Assert.Equal(8 << 20, ledgers[3].LastBallast);
        Assert.Equal(2, ledgers[3].Restores);
        Assert.Equal(3, joined.View.Members.Count);
        await joined.SendBytesAsync(Bytes("after"), DeliveryOrder.Agreed, Ct);
        await ledgers[3].Handled.WaitAsync(1);
        await ledgers[1].Handled.WaitAsync(2);
        Assert.Equal(ledgers[1].Texts, ledgers[3].Texts);
    }

    [Fact]
    public async Task A_donor_without_progress_is_replaced_by_the_next()
    {
        await using TestCluster cluster = new(tcp: true);
        IGroupCommNode[] nodes = await cluster.StartAsync(3, options => options.StateTransferTimeout = TimeSpan.FromSeconds(3));
        Ledger[] ledgers = [new(ballast: 1 << 20), new(ballast: 1 << 20), new()];
        TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await JoinAsync(nodes[0], ledgers[0]);
        await JoinAsync(nodes[1], ledgers[1]);
        ledgers[0].WhileCaptured = _ => go.Task;
        IGroup group = await JoinAsync(nodes[2], ledgers[2]);
        Assert.Equal(1 << 20, ledgers[2].LastBallast);
        Assert.NotEqual(0, ledgers[1].Captures);
        Assert.Equal("state transfer restarted", group.View.Reason);
        go.SetResult();
    }

    [Fact]
    public async Task A_donor_that_leaves_in_the_middle_does_not_wait_for_its_capture()
    {
        await using TestCluster cluster = new(tcp: true);
        IGroupCommNode[] nodes = await cluster.StartAsync(3);
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Ledger[] ledgers = [new(ballast: 1 << 20), new(ballast: 1 << 20), new()];
        IGroup first = await JoinAsync(nodes[0], ledgers[0]);
        await JoinAsync(nodes[1], ledgers[1]);
        ledgers[0].WhileCaptured = _ =>
        {
            begun.TrySetResult();
            return Task.Delay(Timeout.Infinite, ledgers[0].Cancelled);
        };
        Task<IGroup> join = JoinAsync(nodes[2], ledgers[2]);
        await begun.Task.WaitAsync(Limit, Ct);
        await first.LeaveAsync(Ct).WaitAsync(Limit, Ct);
        await join.WaitAsync(Limit, Ct);
        Assert.Equal(1, ledgers[1].Captures);
    }

    [Fact]
    public async Task Who_is_excluded_while_it_awaits_its_state_and_comes_back_to_an_ended_group_begins_it_anew()
    {
        await using TestCluster cluster = new(tcp: false, Silence);
        IGroupCommNode[] nodes = await cluster.StartAsync(3);
        ViewMember[] ranked = [.. nodes[0].View!.Members.OrderBy(member => member.Rank)];
        IGroupCommNode donor = nodes.Single(node => node.Id == ranked[0].Id), joiner = nodes.Single(node => node.Id == ranked[2].Id);
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Ledger given = new(ballast: 1 << 20), awaited = new();
        given.WhileCaptured = _ =>
        {
            begun.TrySetResult();
            return Task.Delay(Timeout.Infinite, given.Cancelled);
        };
        IGroup first = await JoinAsync(donor, given);
        Task<IGroup> join = JoinAsync(joiner, awaited);
        await begun.Task.WaitAsync(Limit, Ct);
        foreach (ViewMember other in ranked[..2])
            cluster.Network.Cut(other.Address, ranked[2].Address);
        await FirstViewAsync(donor, view => view.Members.Count == 2);
        await first.LeaveAsync(Ct).WaitAsync(Limit, Ct);
        cluster.Network.HealAll();
        IGroup group = await join.WaitAsync(Limit, Ct);
        await group.SendBytesAsync(Bytes("anew"), DeliveryOrder.Agreed, Ct);
        await awaited.Handled.WaitAsync(1);
        Assert.Equal(["anew"], awaited.Texts);
    }

    [Fact]
    public async Task A_capture_that_throws_fails_that_join_and_the_group_goes_on()
    {
        await using TestCluster cluster = new(tcp: true);
        IGroupCommNode[] nodes = await cluster.StartAsync(2);
        Ledger donor = new(ballast: 100) { WhileCaptured = _ => throw new InvalidOperationException("no paper left") };
        IGroup group = await JoinAsync(nodes[0], donor);
        StateTransferException error = await Assert.ThrowsAsync<StateTransferException>(() => JoinAsync(nodes[1], new Ledger()));
        Assert.Contains("no paper left", error.Message, StringComparison.Ordinal);
        await WaitForAsync(() => group.View.Members.Count == 1);
        donor.WhileCaptured = null;
        Ledger again = new();
        await group.SendBytesAsync(Bytes("x"), DeliveryOrder.Agreed, Ct);
        await JoinAsync(nodes[1], again);
        Assert.Equal(["x"], again.Texts);
    }

    [Fact]
    public async Task A_restore_that_throws_fails_that_join_and_the_group_goes_on()
    {
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode[] nodes = await cluster.StartAsync(2);
        IGroup group = await JoinAsync(nodes[0], new Ledger(ballast: 3 << 20));
        Ledger bad = new() { WhileRestored = () => throw new InvalidDataException("cannot read this") };
        StateTransferException error = await Assert.ThrowsAsync<StateTransferException>(() => JoinAsync(nodes[1], bad));
        Assert.Contains("cannot read this", error.Message, StringComparison.Ordinal);
        await WaitForAsync(() => group.View.Reason == "restore failed");
        Assert.Equal(1, bad.Restores);
    }

    [Fact]
    public async Task When_nobody_with_state_is_left_the_join_fails()
    {
        await using TestCluster cluster = new(tcp: true);
        (Task<IGroup> join, IGroupCommNode donor, _) = await JoinWithoutEndAsync(cluster, startEmpty: false);
        await ((Node.Node)donor).CrashAsync();
        StateTransferException error = await Assert.ThrowsAsync<StateTransferException>(() => join.WaitAsync(Limit, Ct));
        Assert.Contains("no state left", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task By_option_the_joiner_begins_without_the_lost_state_and_is_told()
    {
        await using TestCluster cluster = new(tcp: true);
        (Task<IGroup> join, IGroupCommNode donor, Ledger joiner) = await JoinWithoutEndAsync(cluster, startEmpty: true);
        await ((Node.Node)donor).CrashAsync();
        IGroup group = await join.WaitAsync(Limit, Ct);
        Assert.Empty(joiner.Texts);
        await foreach (GroupEvent each in group.ReadEventsAsync(Ct))
            if (each is Reset)
                break;
        await group.SendBytesAsync(Bytes("anew"), DeliveryOrder.Agreed, Ct);
        Assert.Equal(["anew"], await joiner.Handled.WaitAsync(1));
    }

    [Fact]
    public async Task Members_of_one_node_give_each_other_state()
    {
        await using TestCluster cluster = new(tcp: true);
        IGroupCommNode node = (await cluster.StartAsync(1))[0];
        Ledger one = new(ballast: 3 << 20), two = new();
        IGroup group = await JoinAsync(node, one);
        await group.SendBytesAsync(Bytes("x"), DeliveryOrder.Agreed, Ct);
        await JoinAsync(node, two);
        Assert.Equal(["x"], two.Texts);
        Assert.Equal(3 << 20, two.LastBallast);
    }

    [Fact]
    public async Task A_joiner_without_provider_joins_at_once_and_is_no_donor()
    {
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode[] nodes = await cluster.StartAsync(3);
        Recorder plain = new();
        await JoinAsync(nodes[0], new Ledger());
        IGroup without = await nodes[1].JoinAsync("g", g => g.RegisterBytes(plain.Handle), Ct).WaitAsync(Limit, Ct);
        await without.SendBytesAsync(Bytes("x"), DeliveryOrder.Agreed, Ct);
        await plain.WaitAsync(1);
        Ledger joiner = new();
        await JoinAsync(nodes[2], joiner);
        Assert.Equal(["x"], joiner.Texts);
    }

    [Fact]
    public async Task The_traces_of_a_transfer_keep_VS_18()
    {
        string directory = Directory.CreateTempSubdirectory("groupcomm-").FullName;
        try
        {
            await using (TestCluster cluster = new(tcp: true))
            {
                int n = 0;
                IGroupCommNode[] nodes = await cluster.StartAsync(2, options => options.TraceFile = Path.Combine(directory, $"{++n}.jsonl"));
                IGroup group = await JoinAsync(nodes[0], new Ledger(ballast: 1 << 20));
                await group.SendBytesAsync(Bytes("x"), DeliveryOrder.Causal, Ct);
                await JoinAsync(nodes[1], new Ledger());
            }
            string[] files = Directory.GetFiles(directory), lines = [.. files.SelectMany(File.ReadAllLines)];
            StringWriter output = new(), error = new();
            Assert.True(TraceCheck.Run(files, output, error, json: false) == 0, $"{output}{error}");
            string joined = Assert.Single(lines, line => line.Contains("\"role\":\"joiner\"", StringComparison.Ordinal));
            Assert.Contains(lines, line => line.Contains("\"role\":\"donor\"", StringComparison.Ordinal));
            string digest = joined[(joined.IndexOf("\"digest\":\"", StringComparison.Ordinal) + 10)..][..16];
            string file = Path.Combine(directory, "wrong.jsonl");
            await File.WriteAllLinesAsync(file, lines.Select(line => line == joined ? line.Replace(digest, new string('0', 16), StringComparison.Ordinal) : line), Ct);
            Assert.Equal(1, TraceCheck.Run([file], output, error, json: false));
            Assert.Contains("VS-18", output.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static Task<IGroup> JoinAsync(IGroupCommNode node, Ledger ledger) => node.JoinAsync("g", g => ledger.Register(g), Ct).WaitAsync(Limit, Ct);

    private static async Task<(Task<IGroup> Join, IGroupCommNode Donor, Ledger Joiner)> JoinWithoutEndAsync(TestCluster cluster, bool startEmpty)
    {
        IGroupCommNode[] nodes = await cluster.StartAsync(3);
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously), never = new();
        Ledger donor = new(ballast: 4 << 20)
        {
            WhileCaptured = _ =>
            {
                begun.TrySetResult();
                return never.Task;
            },
        };
        Ledger joiner = new();
        IGroup group = await nodes[0].JoinAsync("g", g => donor.Register(g).Options.StartEmptyWhenStateIsLost = startEmpty, Ct).WaitAsync(Limit, Ct);
        await group.SendBytesAsync(Bytes("lost"), DeliveryOrder.Safe, Ct);
        Task<IGroup> join = nodes[1].JoinAsync("g", g => joiner.Register(g).UseEvents().Options.StartEmptyWhenStateIsLost = startEmpty, Ct);
        await begun.Task.WaitAsync(Limit, Ct);
        return (join, nodes[0], joiner);
    }

    private static async Task<int> SendAsync(IGroup group, string prefix, CancellationToken stop)
    {
        int sent = 0;
        while (!stop.IsCancellationRequested)
        {
            await group.SendBytesAsync(Bytes($"{prefix}{sent++}"), DeliveryOrder.Agreed, Ct);
            if (sent % 20 == 0)
                await Task.Delay(1, Ct);
        }
        return sent;
    }

    private static async Task AllHaveAsync(int count, Ledger[] ledgers)
    {
        await WaitForAsync(() => ledgers.All(ledger => ledger.Texts.Length == count));
        foreach (Ledger ledger in ledgers)
            Assert.Equal(ledgers[0].Texts, ledger.Texts);
    }

    private static async Task WaitForAsync(Func<bool> condition)
    {
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        late.CancelAfter(Limit);
        while (!condition())
            await Task.Delay(5, late.Token);
    }
}
