using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Runtime.InMemory;
using Xunit;
using static GroupComm.Runtime.Tests.TestCluster;

namespace GroupComm.Runtime.Tests.Telemetry;

public class SpanTests
{
    [Theory]
    [InlineData(DeliveryOrder.Fifo)]
    [InlineData(DeliveryOrder.Causal)]
    [InlineData(DeliveryOrder.Agreed)]
    [InlineData(DeliveryOrder.Safe)]
    public async Task Multicast_has_a_span_and_each_handler_a_child_of_it(DeliveryOrder order)
    {
        using SpanLog log = new();
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode[] nodes = await cluster.StartAsync(3);
        IGroup[] groups = await JoinAllAsync(nodes, (g, _) => g.RegisterBytes((_, _, _) => ValueTask.CompletedTask));
        Activity.Current = log.Root;
        SendReceipt receipt = await groups[1].SendBytesAsync(Recorder.Bytes("hello"), order, Ct);
        Assert.Same(log.Root, Activity.Current);
        await log.WaitAsync(4);

        Activity multicast = Assert.Single(log.Multicasts);
        Assert.Equal((ActivityKind.Producer, log.Root.SpanId), (multicast.Kind, multicast.ParentSpanId));
        Assert.Equal(ActivityStatusCode.Unset, multicast.Status);
        Assert.Equal((receipt.Id.View, receipt.Id.Sequence), (multicast.GetTagItem("groupcomm.message.view"), multicast.GetTagItem("groupcomm.message.sequence")));
        Assert.Equal(3, log.Handles.Count());
        Assert.Equal(["n1", "n2", "n3"], log.Handles.Select(span => span.GetTagItem("groupcomm.node")).Order());
        Assert.All(log.Handles, span => Assert.Equal((ActivityKind.Consumer, multicast.SpanId, "g"), (span.Kind, span.ParentSpanId, span.GetTagItem("groupcomm.group"))));
        Assert.All(log.Handles, span => Assert.Equal(receipt.Id.Sequence, span.GetTagItem("groupcomm.message.sequence")));
        Assert.Equal(["n1", "n3"], log.Handles.Where(span => span.GetTagItem("groupcomm.hold_wait") is double).Select(span => span.GetTagItem("groupcomm.node")).Order());

        // The waits follow each other, so they add up to the span.
        string[] waits = Waits(order);
        Assert.Equal(waits.Order(), multicast.TagObjects.Select(tag => tag.Key).Where(tag => tag.EndsWith("_wait", StringComparison.Ordinal)).Order());
        Assert.InRange(waits.Sum(wait => (double)multicast.GetTagItem(wait)!) - multicast.Duration.TotalSeconds, -0.001, 0.001);
        Assert.All(multicast.TagObjects.Concat(log.Handles.SelectMany(span => span.TagObjects)), tag => Assert.Contains(tag.Key, s_documented.Value));
        if (order == DeliveryOrder.Safe)
            Assert.InRange((double)multicast.GetTagItem("groupcomm.network")!, 0, multicast.Duration.TotalSeconds);
    }

    [Fact]
    public async Task Sends_inside_a_handler_belong_to_its_span_and_a_failed_handler_marks_it()
    {
        using SpanLog log = new();
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode[] nodes = await cluster.StartAsync(2);
        IGroup[] groups = await JoinAllAsync(nodes, (g, i) => g.Register<string>(async (text, context, ct) =>
        {
            await Task.Yield();
            if (text == "ask" && i == 1)
                await context.SendAsync("answer", DeliveryOrder.Agreed, ct);
            if (text == "answer")
                throw new InvalidOperationException("no");
        }));
        Activity.Current = log.Root;
        await groups[0].SendAsync("ask", DeliveryOrder.Agreed, Ct);
        Activity.Current = null;
        await log.WaitAsync(6);
        Activity answer = log.Multicasts.Single(span => span.ParentSpanId != log.Root.SpanId);
        Activity asked = log.Handles.Single(span => span.SpanId == answer.ParentSpanId);
        Assert.Equal(("n2", ActivityStatusCode.Unset), (asked.GetTagItem("groupcomm.node"), asked.Status));
        Activity[] failed = [.. log.Handles.Where(span => span.ParentSpanId == answer.SpanId)];
        Assert.Equal(2, failed.Length);
        Assert.All(failed, span => Assert.Equal((ActivityStatusCode.Error, "no"), (span.Status, span.StatusDescription)));
    }

    [Fact]
    public async Task Handlers_do_not_belong_to_the_trace_of_the_join()
    {
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode[] nodes = await cluster.StartAsync(1);
        using Activity joining = new Activity("join").SetIdFormat(ActivityIdFormat.W3C).Start();
        Recorder seen = new();
        IGroup[] groups = await JoinAllAsync(nodes, (g, _) => g.RegisterBytes((_, _, _) =>
        {
            seen.Add(Activity.Current?.OperationName ?? "none");
            return ValueTask.CompletedTask;
        }));
        Assert.Same(joining, Activity.Current);
        await groups[0].SendBytesAsync(Recorder.Bytes("x"), DeliveryOrder.Agreed, Ct);
        Assert.Equal(["none"], await seen.WaitAsync(1));
    }

    [Theory]
    [InlineData(null, 0)]
    [InlineData(ActivitySamplingResult.None, 0)]
    [InlineData(ActivitySamplingResult.PropagationData, 0)]
    [InlineData(ActivitySamplingResult.AllData, 0)]
    [InlineData(ActivitySamplingResult.AllDataAndRecorded, 3)]
    public async Task Only_recorded_multicasts_put_a_context_on_the_wire(ActivitySamplingResult? sampling, int frames)
    {
        using SpanLog? log = sampling is { } result ? new SpanLog(result) : null;
        using Activity root = new("other");
        Activity current = log?.Root ?? root.SetIdFormat(ActivityIdFormat.W3C).Start();
        Activity.Current = null;
        InMemoryNetwork network = new();
        WireTap? tap = null;
        Task<IGroupCommNode> StartAsync(string name, string listen, bool tapped)
        {
            GroupCommOptions options = new() { Name = name, Listen = listen, ExpectedNodes = 2, Seeds = { "127.0.0.1:29010", "127.0.0.1:29011" } };
            return GroupCommNode.StartAsync(
                options, sink => new InMemoryTransport(network, tapped ? tap = new WireTap(sink, current.TraceId.ToHexString()) : sink), null, Ct);
        }

        await using IGroupCommNode first = await StartAsync("n1", "127.0.0.1:29010", false);
        await using IGroupCommNode second = await StartAsync("n2", "127.0.0.1:29011", true);
        await Task.WhenAll(first.WaitForPrimaryAsync(Ct), second.WaitForPrimaryAsync(Ct)).WaitAsync(Limit, Ct);
        Recorder[] recorders = [new(), new()];
        IGroup[] groups = await JoinAllAsync([first, second], (g, i) => g.RegisterBytes(recorders[i].Handle));
        Activity.Current = current;
        for (int i = 0; i < 3; i++)
            await (await groups[0].SendBytesAsync(Recorder.Bytes("x"), DeliveryOrder.Agreed, Ct)).Delivered.WaitAsync(Limit, Ct);
        Activity.Current = null;
        await recorders[1].WaitAsync(3);
        Assert.Equal(frames, tap!.Found);
    }

    [Fact]
    public async Task A_blocked_listener_stops_no_turn_and_a_throwing_one_no_handler()
    {
        using ManualResetEventSlim blocked = new();
        using SpanLog log = new(stopped: span =>
        {
            if (span.OperationName == "groupcomm.multicast")
                blocked.Wait(Limit);
            else
                throw new InvalidOperationException("a listener's own trouble");
        });
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode[] nodes = await cluster.StartAsync(2);
        Recorder[] recorders = [new(), new()];
        IGroup[] groups = await JoinAllAsync(nodes, (g, i) => g.RegisterBytes(recorders[i].Handle));
        Activity.Current = log.Root;
        for (int i = 0; i < 20; i++)
            await (await groups[0].SendBytesAsync(Recorder.Bytes("x"), DeliveryOrder.Safe, Ct)).Safe.WaitAsync(Limit, Ct);
        Activity.Current = null;
        foreach (Recorder recorder in recorders)
            await recorder.WaitAsync(20);
        Assert.Equal(0, log.Count);
        blocked.Set();
        await log.WaitAsync(20);
    }

    [Fact]
    public async Task Refused_and_cancelled_sends_end_their_span_with_the_reason()
    {
        using SpanLog log = new();
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode[] nodes = await cluster.StartAsync(1, options => options.SendWindow = 64 << 10);
        TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IGroup[] groups = await JoinAllAsync(nodes, (g, _) => g.RegisterBytes((_, _, _) => new ValueTask(go.Task)));
        Activity.Current = log.Root;
        using CancellationTokenSource stop = new();
        await groups[0].SendBytesAsync(new byte[60 << 10], DeliveryOrder.Agreed, Ct);
        ValueTask<SendReceipt> waits = groups[0].SendBytesAsync(new byte[60 << 10], DeliveryOrder.Agreed, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await waits);
        go.SetResult();
        await log.WaitAsync(3);
        Activity cancelled = log.Multicasts.Single(span => span.Status == ActivityStatusCode.Error);
        Assert.Equal("the wait for admission was cancelled; the message was not sent", cancelled.StatusDescription);
        Activity.Current = null;
    }

    private static readonly Lazy<HashSet<string>> s_documented = new(() =>
        [.. System.Text.RegularExpressions.Regex.Matches(Page.Text, "`(groupcomm\\.[a-z_.]+)`").Select(match => match.Groups[1].Value)]);

    private static string[] Waits(DeliveryOrder order) =>
    [
        "groupcomm.admission_wait", "groupcomm.bundle_wait",
        .. order >= DeliveryOrder.Agreed ? ["groupcomm.order_wait"] : Array.Empty<string>(),
        order == DeliveryOrder.Safe ? "groupcomm.stability_wait" : "groupcomm.hold_wait",
    ];
}
