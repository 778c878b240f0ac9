using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Runtime.InMemory;
using Xunit;
using static GroupComm.Runtime.Tests.TestCluster;

namespace GroupComm.Runtime.Tests.Telemetry;

public class MetricsTests
{
    [Fact]
    public async Task Every_instrument_of_the_page_is_emitted_with_its_unit_and_tags_and_no_other()
    {
        using MeterLog log = new("page");
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode[] nodes = await cluster.StartAsync(3, options => (options.Cluster, options.SendWindow) = ("page", 64 << 10));
        Recorder[] recorders = [new(), new(), new()];
        IGroup[] groups = await JoinAllAsync(nodes, (g, i) => g.RegisterBytes(recorders[i].Handle));
        byte[] large = new byte[48 << 10];
        foreach (DeliveryOrder order in Enum.GetValues<DeliveryOrder>())
            for (int i = 0; i < 5; i++)
                await (await groups[0].SendBytesAsync(large, order, Ct)).Delivered.WaitAsync(Limit, Ct);
        ValueTask<SendReceipt>[] many = [.. Enumerable.Range(0, 50).Select(_ => groups[0].SendBytesAsync(large, DeliveryOrder.Agreed, Ct))];
        SendReceipt last = default;
        foreach (ValueTask<SendReceipt> one in many)
            last = await one;
        await last.Safe.WaitAsync(Limit, Ct);
        await nodes[2].DisposeAsync();
        await FirstViewAsync(nodes[0], view => view.Members.Count == 2);
        await EventuallyAsync(log, () => Page.Rows("instrument").All(row => log.Seen.Any(seen => seen.Instrument.Name == row[0])));

        Dictionary<string, string[]> page = Page.Rows("instrument").ToDictionary(row => row[0]);
        foreach (IGrouping<string, (Instrument Instrument, double Value, Dictionary<string, object?> Tags)> seen in log.Seen.GroupBy(seen => seen.Instrument.Name))
        {
            Assert.True(page.Remove(seen.Key, out string[]? row), $"{seen.Key} is not on the page");
            Assert.Equal((seen.Key, row![2], row[1]), (seen.Key, seen.First().Instrument.Unit, Kind(seen.First().Instrument)));
            string[] tags = ["groupcomm.cluster", "groupcomm.node", .. row[3].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
            Assert.All(seen, one => Assert.Equal(tags.Order(), one.Tags.Keys.Order()));
        }
        Assert.Empty(page.Keys);
    }

    [Fact]
    public async Task Counters_and_gauges_say_what_happened()
    {
        using MeterLog log = new("counts");
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode[] nodes = await cluster.StartAsync(3, options => options.Cluster = "counts");
        Recorder[] recorders = [new(), new(), new()];
        IGroup[] groups = await JoinAllAsync(nodes, (g, i) => g.Register<string>((text, _, _) =>
        {
            recorders[i].Add(text);
            return text == "bad" ? throw new InvalidOperationException("bad") : ValueTask.CompletedTask;
        }));
        for (int i = 0; i < 10; i++)
            await groups[1].SendAsync("good", DeliveryOrder.Agreed, Ct);
        await groups[1].SendAsync("bad", DeliveryOrder.Fifo, Ct);
        await groups[1].SendBytesAsync(Recorder.Bytes("no handler for bytes"), DeliveryOrder.Causal, Ct);
        await groups[1].SendBytesAsync(Recorder.Bytes("nor here"), DeliveryOrder.Causal, Ct);
        foreach (Recorder recorder in recorders)
            await recorder.WaitAsync(11);
        await EventuallyAsync(log, () => nodes.All(node => log.Last("groupcomm.messages.unhandled", node.Id.Name) == 2 && log.Count("groupcomm.handler.duration", node.Id.Name) > 0)
            && log.Count("groupcomm.delivery.latency", "n2") > 0); // histograms are told a little later

        Assert.Equal((10, 1, 2, 0), (Sent(log, "n2", "agreed"), Sent(log, "n2", "fifo"), Sent(log, "n2", "causal"), Sent(log, "n1", "agreed")));
        foreach (string node in new[] { "n1", "n2", "n3" })
        {
            Assert.Equal((10, 1, 2), (Delivered(log, node, "agreed"), Delivered(log, node, "fifo"), Delivered(log, node, "causal")));
            Assert.Equal(1, log.Last("groupcomm.handler.failures", node));
            Assert.Equal((3, 1, 2), (log.Last("groupcomm.members", node), log.Last("groupcomm.primary", node), log.Last("groupcomm.links", node)));
            Assert.True(log.Last("groupcomm.bytes.sent", node) > 0);
            Assert.True(log.Last("groupcomm.bytes.received", node) > 0);
            Assert.Equal(0, log.Last("groupcomm.frames.malformed", node));
            Assert.Equal(0, log.Last("groupcomm.telemetry.dropped", node));
        }
        Assert.Equal(0, log.Count("groupcomm.delivery.latency", "n1"));
    }

    [Fact]
    public async Task A_crash_is_a_suspicion_with_its_reason_and_a_view_change_with_its_time()
    {
        using MeterLog log = new("crash");
        await using TestCluster cluster = new(tcp: false);
        IGroupCommNode[] nodes = await cluster.StartAsync(3, options => options.Cluster = "crash");
        await ((Node.Node)nodes[2]).CrashAsync();
        await FirstViewAsync(nodes[0], view => view.Members.Count == 2);
        await EventuallyAsync(log, () => log.Last("groupcomm.members", "n1") == 2 && log.Count("groupcomm.view.change.duration", "n1") > 0
            && log.Last("groupcomm.suspicions", "n1", "refused") + log.Last("groupcomm.suspicions", "n2", "refused") > 0);
        Assert.All(log.Seen.Where(seen => seen.Instrument.Name == "groupcomm.view.change.duration"), seen => Assert.InRange(seen.Value, 0, Limit.TotalSeconds));
    }

    [Fact]
    public async Task Nodes_that_end_stop_telling_even_if_a_factory_made_their_meter()
    {
        using MeterLog log = new("factory");
        KeptMeters factory = new();
        InMemoryNetwork network = new();
        GroupCommOptions options = new() { Cluster = "factory", Name = "solo", Listen = "127.0.0.1:29001" };
        IGroupCommNode node = await GroupCommNode.StartAsync(options, sink => new InMemoryTransport(network, sink), null, Ct, factory);
        await node.WaitForPrimaryAsync(Ct);
        log.Collect();
        int told = log.Seen.Count;
        Assert.NotEqual(0, told);
        await node.DisposeAsync();
        int before = log.Seen.Count;
        log.Collect();
        Assert.Equal(before, log.Seen.Count);
        Assert.Single(factory.Made);
    }

    private static double Sent(MeterLog log, string node, string order) => log.Last("groupcomm.messages.sent", node, order);

    private static double Delivered(MeterLog log, string node, string order) => log.Last("groupcomm.messages.delivered", node, order);

    private static string Kind(Instrument instrument) => instrument switch
    {
        Histogram<double> => "histogram",
        ObservableCounter<long> => "counter",
        ObservableGauge<long> => "gauge",
        _ => instrument.GetType().Name,
    };

    private static async Task EventuallyAsync(MeterLog log, Func<bool> condition)
    {
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        late.CancelAfter(Limit);
        for (log.Collect(); !condition(); log.Collect())
            await Task.Delay(20, late.Token);
    }

    /// <summary>As a host's factory: disposing one of its meters does nothing.</summary>
    private sealed class KeptMeters : IMeterFactory
    {
        public List<Meter> Made { get; } = [];

        public Meter Create(MeterOptions options)
        {
            Meter meter = new Kept(options);
            Made.Add(meter);
            return meter;
        }

        public void Dispose() { }

        private sealed class Kept(MeterOptions options) : Meter(options)
        {
            protected override void Dispose(bool disposing) { }
        }
    }
}
