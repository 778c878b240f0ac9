using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Testing.Laws;
using Xunit;
using static GroupComm.Runtime.Tests.Recorder;
using static GroupComm.Runtime.Tests.TestCluster;

namespace GroupComm.Runtime.Tests;

public class RejoinTests
{
    [Fact]
    public async Task An_excluded_node_rejoins_in_place_and_the_same_group_lives_on()
    {
        string directory = Directory.CreateTempSubdirectory("groupcomm-").FullName;
        try
        {
            int file = 0;
            await using (TestCluster cluster = new(tcp: false, Silence))
            {
                Lonely three = await Lonely.StartAsync(cluster, options => options.TraceFile = Path.Combine(directory, $"{Interlocked.Increment(ref file)}.jsonl"));
                NodeId before = three.Node.Id;
                MemberId self = three.Group.Self;
                three.Cut();
                SendReceipt open = await three.Group.SendBytesAsync(Bytes("lost"), DeliveryOrder.Safe, Ct);
                Task safe = open.Safe;
                await three.SeeEventAsync<PrimaryLost>();
                Assert.Equal(GroupStatus.NotPrimary, three.Group.Status);
                await Assert.ThrowsAsync<NotPrimaryException>(async () => await three.Group.SendBytesAsync(Bytes("x"), DeliveryOrder.Fifo, Ct));
                await Assert.ThrowsAsync<NotPrimaryException>(async () => await three.Node.SendBytesAsync("g", Bytes("x"), DeliveryOrder.Fifo, Ct));
                Task primary = three.Node.WaitForPrimaryAsync(Ct);
                await FirstViewAsync(three.Others[0], view => view.Members.Count == 2);

                cluster.Network.HealAll();
                await primary.WaitAsync(Limit, Ct);
                await three.SeeEventAsync<Excluded>();
                await three.SeeEventAsync<Reset>();
                ViewInstalled back = await three.SeeEventAsync<ViewInstalled>();
                Assert.True(three.Node.Id.Incarnation > before.Incarnation);
                Assert.Equal(before.Name, three.Node.Id.Name);
                Assert.Equal(self.Name, three.Group.Self.Name);
                Assert.Equal(three.Node.Id, three.Group.Self.Node);
                Assert.Contains(three.Group.Self, back.View.Members);
                Assert.Contains(three.Node.View!.Members, member => member.Id == three.Node.Id);
                await Assert.ThrowsAsync<OutcomeUnknownException>(() => safe.WaitAsync(Limit, Ct));
                await Assert.ThrowsAsync<OutcomeUnknownException>(() => open.Delivered.WaitAsync(Limit, Ct));

                await three.OtherGroups[0].SendBytesAsync(Bytes("welcome"), DeliveryOrder.Agreed, Ct);
                SendReceipt sent = await three.Group.SendBytesAsync(Bytes("here"), DeliveryOrder.Agreed, Ct);
                await sent.Safe.WaitAsync(Limit, Ct);
                Assert.Equal(["reset", "welcome", "here"], (await three.Got.WaitAsync(3)).Order().Reverse().OrderBy(text => text == "reset" ? 0 : text == "welcome" ? 1 : 2));
                Assert.Equal("reset", three.Got.Texts[0]);
                Assert.Equal(GroupStatus.Active, three.Group.Status);
            }
            StringWriter output = new(), error = new();
            Assert.True(TraceCheck.Run(Directory.GetFiles(directory), output, error, json: false) == 0, $"{output}{error}");
            string[] lives = [.. Directory.GetFiles(directory).Where(name => File.ReadLines(name).Any(line => line.Contains("\"ev\":\"excluded\"", StringComparison.Ordinal)))];
            string[] kinds = [.. File.ReadLines(Assert.Single(lives)).Select(line => line.Split('"')[3]).Where(kind => kind is "start" or "stop" or "excluded")];
            Assert.Equal(["start", "excluded", "stop", "start", "stop"], kinds);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task What_the_old_life_delivered_is_handled_before_excluded_is_told()
    {
        await using TestCluster cluster = new(tcp: false, Silence);
        Lonely three = await Lonely.StartAsync(cluster);
        SemaphoreSlim busy = new(0);
        three.Handling = _ => busy.WaitAsync(Ct);
        for (int i = 0; i < 5; i++)
            await three.OtherGroups[0].SendBytesAsync(Bytes($"old {i}"), DeliveryOrder.Agreed, Ct);
        SendReceipt own = await three.Group.SendBytesAsync(Bytes("own"), DeliveryOrder.Agreed, Ct).AsTask().WaitAsync(Limit, Ct);
        await own.Delivered.WaitAsync(Limit, Ct);
        await FirstDeliveredAsync(three);
        three.Cut();
        await FirstViewAsync(three.Others[0], view => view.Members.Count == 2);
        NodeId before = three.Node.Id;
        cluster.Network.HealAll();
        await FirstViewAsync(three.Node, view => view.Members.Any(member => member.Id.Name == before.Name && member.Id != before));

        // The node is back, its member is still busy with the old life.
        Assert.Equal(before, three.Group.Self.Node);
        using (CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(Ct))
        {
            limit.CancelAfter(Limit);
            while (!three.OtherGroups[0].View!.Members.Any(member => member.Node.Name == before.Name && member.Node != before))
                await Task.Delay(5, limit.Token);
        }
        await three.OtherGroups[0].SendBytesAsync(Bytes("new"), DeliveryOrder.Agreed, Ct);
        busy.Release(100);
        List<string> story = [];
        while (story.Count == 0 || story[^1] != "new")
            if (Story(await three.NextEventAsync()) is { } line)
                story.Add(line);
        Assert.Equal(["old 0", "old 1", "old 2", "old 3", "old 4", "own", "PrimaryLost", "Excluded", "Reset", "ViewInstalled", "new"], story);
    }

    [Fact]
    public async Task Without_rejoin_an_excluded_node_is_out_for_good()
    {
        await using TestCluster cluster = new(tcp: false, Silence);
        Lonely three = await Lonely.StartAsync(cluster, options => options.Rejoin = false);
        three.Cut();
        await FirstViewAsync(three.Others[0], view => view.Members.Count == 2);
        cluster.Network.HealAll();
        await three.Group.WaitForStatusAsync(GroupStatus.Excluded);
        await Assert.ThrowsAsync<ExcludedException>(async () => await three.Group.SendBytesAsync(Bytes("x"), DeliveryOrder.Fifo, Ct));
        await Assert.ThrowsAsync<ExcludedException>(() => three.Node.WaitForPrimaryAsync(Ct).WaitAsync(Limit, Ct));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)] // the one that takes the name meets the old life, which nobody else hears
    public async Task A_node_whose_name_was_taken_never_comes_back(int seeds)
    {
        await using TestCluster cluster = new(tcp: false, Silence);
        Lonely three = await Lonely.StartAsync(cluster);
        three.Cut();
        await FirstViewAsync(three.Others[0], view => view.Members.Count == 2);
        string name = three.Node.Id.Name;
        IGroupCommNode taker = await cluster.StartAsync(cluster.Options(name, FreeAddress(), three.Addresses[..seeds]));
        await taker.WaitForPrimaryAsync(Ct).WaitAsync(Limit, Ct);
        cluster.Network.HealAll();
        // Heartbeats that the cut held back may make it primary for a moment, before it learns what followed.
        ExcludedException out_ = await Assert.ThrowsAsync<ExcludedException>(async () =>
        {
            for (long until = Environment.TickCount64 + (long)Limit.TotalMilliseconds; Environment.TickCount64 < until; await Task.Delay(5, Ct))
                await three.Node.WaitForPrimaryAsync(Ct).WaitAsync(Limit, Ct);
        });
        Assert.Equal("new incarnation", out_.Reason);
        await Assert.ThrowsAsync<ExcludedException>(async () => await three.Group.SendBytesAsync(Bytes("x"), DeliveryOrder.Fifo, Ct));
        await three.Group.WaitForStatusAsync(GroupStatus.Excluded);
        Assert.True(taker.IsPrimary);
    }

    [Fact]
    public async Task A_node_that_lost_its_cluster_rejoins_in_place()
    {
        await using TestCluster cluster = new(tcp: true);
        Lonely three = await Lonely.StartAsync(cluster);
        NodeId before = three.Node.Id;
        foreach (IGroupCommNode other in three.Others)
            await ((Node.Node)other).CrashAsync();
        foreach (IGroupCommNode other in three.Others)
            await cluster.StartAsync(cluster.Options(other.Id.Name, other.View!.Members.First(member => member.Id == other.Id).Address, three.Addresses));
        await three.SeeEventAsync<GroupLost>(views: true);
        await three.SeeEventAsync<Reset>();
        ViewInstalled back = await three.SeeEventAsync<ViewInstalled>();
        Assert.Single(back.View.Members);
        Assert.True(three.Node.Id.Incarnation > before.Incarnation);
        Assert.Equal(3, three.Node.View!.Members.Count);
        Assert.True(three.Node.View.Epoch > three.FirstEpoch);
        Assert.Equal(["reset"], three.Got.Texts);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Leaving_between_two_lives_does_not_wait_for_the_next(bool memberFirst)
    {
        await using TestCluster cluster = new(tcp: true);
        Lonely three = await Lonely.StartAsync(cluster, options => options.LeaveTimeout = Limit * 2); // which leaving must not take
        foreach (IGroupCommNode other in three.Others)
            await ((Node.Node)other).CrashAsync();
        foreach (IGroupCommNode other in three.Others)
        {
            // They wait for a fourth who never comes: there will be no view.
            GroupCommOptions again = cluster.Options(other.Id.Name, other.View!.Members.First(member => member.Id == other.Id).Address, three.Addresses);
            again.ExpectedNodes = 4;
            await cluster.StartAsync(again);
        }
        await three.SeeEventAsync<GroupLost>(views: true);
        await three.Group.WaitForStatusAsync(GroupStatus.Joining);
        await Assert.ThrowsAsync<NotPrimaryException>(async () => await three.Group.SendBytesAsync(Bytes("x"), DeliveryOrder.Fifo, Ct));
        await Assert.ThrowsAsync<NotPrimaryException>(async () => await three.Node.SendBytesAsync("g", Bytes("x"), DeliveryOrder.Fifo, Ct));
        if (memberFirst)
        {
            await three.Group.LeaveAsync(Ct).WaitAsync(Limit, Ct);
            await three.SeeEventAsync<Left>();
        }
        await three.Node.LeaveAsync(Ct).WaitAsync(Limit, Ct);
        Assert.Equal(GroupStatus.Left, three.Group.Status);
    }

    private static async Task FirstDeliveredAsync(Lonely three)
    {
        // Everything is in the member's queue when the node has delivered its own message behind it.
        SendReceipt last = await three.OtherGroups[1].SendBytesAsync(Bytes("never"), DeliveryOrder.Fifo, Ct);
        await last.Delivered.WaitAsync(Limit, Ct);
        await three.Started.Task.WaitAsync(Limit, Ct);
    }

    private static string? Story(GroupEvent happened) => happened switch
    {
        MessageDelivered message => System.Text.Encoding.UTF8.GetString(message.Payload.Span) is { } text && text != "never" ? text : null,
        Transitional => null,
        _ => happened.GetType().Name,
    };
}

/// <summary>Three nodes of which the one with the last rank can be cut off from the others.</summary>
internal sealed class Lonely
{
    private readonly TestCluster _cluster;
    private IAsyncEnumerator<GroupEvent> _events = null!;

    private Lonely(TestCluster cluster) => _cluster = cluster;

    public IGroupCommNode Node { get; private set; } = null!;

    public IGroup Group { get; private set; } = null!;

    public IGroupCommNode[] Others { get; private set; } = [];

    public IGroup[] OtherGroups { get; private set; } = [];

    /// <summary>By rank in the first view.</summary>
    public string[] Addresses { get; private set; } = [];

    public long FirstEpoch { get; private set; }

    public Recorder Got { get; } = new();

    public Func<string, Task> Handling { get; set; } = _ => Task.CompletedTask;

    public TaskCompletionSource Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static async Task<Lonely> StartAsync(TestCluster cluster, Action<GroupCommOptions>? change = null)
    {
        Lonely lonely = new(cluster);
        IGroupCommNode[] nodes = await cluster.StartAsync(3, change);
        View view = nodes[0].View!;
        lonely.Addresses = [.. view.Members.OrderBy(member => member.Rank).Select(member => member.Address)];
        lonely.FirstEpoch = view.Epoch;
        int cut = Array.FindIndex(nodes, node => node.Id == view.Members[2].Id);
        IGroup[] groups = await JoinAllAsync(nodes, (g, i) =>
        {
            if (i != cut)
                return;
            g.RegisterBytes(async (payload, context, ct) =>
            {
                string text = System.Text.EncodingExtensions.GetString(System.Text.Encoding.UTF8, payload);
                lonely.Started.TrySetResult();
                await lonely.Handling(text);
                lonely.Got.Add(text);
            }).UseEvents().OnReset(_ =>
            {
                lonely.Got.Add("reset");
                return ValueTask.CompletedTask;
            });
        });
        lonely.Node = nodes[cut];
        lonely.Group = groups[cut];
        lonely.Others = [.. nodes.Where((_, i) => i != cut)];
        lonely.OtherGroups = [.. groups.Where((_, i) => i != cut)];
        lonely._events = lonely.Group.ReadEventsAsync(Ct).GetAsyncEnumerator(Ct);
        while (!(await lonely.NextEventAsync() is ViewInstalled installed && installed.View.Members.Count == 3))
        {
        }
        return lonely;
    }

    public void Cut()
    {
        _cluster.Network.Cut(Addresses[2], Addresses[0]);
        _cluster.Network.Cut(Addresses[2], Addresses[1]);
    }

    public async Task<GroupEvent> NextEventAsync()
    {
        Assert.True(await _events.MoveNextAsync().AsTask().WaitAsync(Limit, Ct), "the events ended");
        return _events.Current;
    }

    /// <summary>The next event of that kind; no other news of the member's life may come before it.</summary>
    public async Task<T> SeeEventAsync<T>(bool views = false) where T : GroupEvent
    {
        while (true)
        {
            GroupEvent happened = await NextEventAsync();
            if (happened is T wanted)
                return wanted;
            Assert.True(happened is MessageDelivered or Transitional or PrimaryLost or PrimaryRegained || (views && happened is ViewInstalled), $"{happened} came before {typeof(T).Name}");
        }
    }
}
