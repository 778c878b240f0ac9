using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Threading;
using GroupComm.Transport;

namespace GroupComm.Runtime.Telemetry;

/// <summary>What a node lets be observed of its other parts.</summary>
internal interface INodeFigures
{
    bool IsPrimary { get; }

    long HandlerFailures { get; }

    long Unhandled { get; }

    long Malformed { get; }

    int LinkCount { get; }

    int SendsWaiting { get; }

    long Untraced { get; }

    long WindowLimit { get; }

    TransportCounters Transport { get; }
}

/// <summary>
/// The instruments of one node, in a meter of its own that ends with it. Counts and states are observed by whoever listens,
/// on its thread; only the histograms are told, and never inside a turn. docs/telemetry.md lists all; a test compares.
/// </summary>
internal sealed class NodeMeter : IDisposable
{
    // 50 µs … 10 s: a hop in memory to a view change after a suspicion.
    private static readonly InstrumentAdvice<double> Buckets = new()
    {
        HistogramBucketBoundaries = [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    private readonly Meter _meter;
    private readonly Figures _figures;
    private readonly KeyValuePair<string, object?>[] _own;
    private readonly TagList _ownList;
    private readonly TagList[] _byOrder;
    private readonly List<Instrument> _sampled = [];
    private volatile bool _over;

    public NodeMeter(string cluster, string node, IMeterFactory? factory, Figures figures, Outbox outbox, INodeFigures source)
    {
        _figures = figures;
        _own = [Tags.Of(Tags.Cluster, cluster), Tags.Of(Tags.Node, node)];
        _ownList = new TagList(_own);
        _byOrder = Array.ConvertAll(Tags.Orders, order => new TagList([.. _own, Tags.Of(Tags.Order, order)]));
        MeterOptions options = new(GroupCommTelemetry.MeterName) { Version = typeof(NodeMeter).Assembly.GetName().Version?.ToString(3), Tags = _own };
        _meter = factory?.Create(options) ?? new Meter(options);

        SendWait = Histogram("groupcomm.send.wait", "How long sends waited that were not admitted at once");
        DeliveryLatency = Histogram("groupcomm.delivery.latency", "Own messages: from the call to their delivery at this node");
        SafeLatency = Histogram("groupcomm.safe.latency", "Own messages: from the call until more than half of the view is known to hold them");
        HandlerDuration = Histogram("groupcomm.handler.duration", "Mean time of a handler's call in a run of consecutive messages");
        ViewChange = Histogram("groupcomm.view.change.duration", "From the stop of the old view at this node to the install of the next");

        ByOrder("groupcomm.messages.sent", "{message}", "Multicasts that were sent", figures.Sent);
        ByOrder("groupcomm.messages.delivered", "{message}", "Messages delivered at this node", figures.Delivered);
        Count("groupcomm.messages.unhandled", "{message}", "Messages without a handler for their type, or unreadable", () => source.Unhandled);
        Count("groupcomm.handler.failures", "{failure}", "Handlers that threw", () => source.HandlerFailures);
        Count("groupcomm.bundles.sent", "{bundle}", "Bundles sent, each to all other members", () => figures.BundlesSent);
        Count("groupcomm.bundles.received", "{bundle}", "Bundles received from peers, repeated ones included", () => figures.BundlesReceived);
        Count("groupcomm.bytes.sent", "By", "Bytes that the operating system took for all links", () => source.Transport.BytesOut);
        Count("groupcomm.bytes.received", "By", "Bytes received from all links", () => source.Transport.BytesIn);
        Count("groupcomm.turns", "{turn}", "Turns of the protocol", () => figures.Turns);
        Count("groupcomm.view.changes", "{view}", "Cluster views installed", () => figures.Views);
        Count("groupcomm.group.view.changes", "{view}", "Group views installed, of all groups of the cluster", () => figures.GroupViews);
        Closed(source);
        Count("groupcomm.links.opened", "{link}", "Connections opened", () => source.Transport.Opened);
        Count("groupcomm.frames.malformed", "{frame}", "Malformed frames; each cost its link", () => source.Malformed);
        Suspected(figures.Suspicions);
        Count("groupcomm.turns.untraced", "{turn}", "Turns since the trace file could not be written any more", () => source.Untraced);
        Count("groupcomm.telemetry.dropped", "{item}", "Measurements and spans that a slow or failing listener lost", () => outbox.Dropped);

        Gauge("groupcomm.members", "{node}", "Nodes in the view", () => figures.Members);
        Gauge("groupcomm.primary", "1", "1 while the node is in a primary view and hears a quorum", () => source.IsPrimary ? 1 : 0);
        Gauge("groupcomm.links", "{link}", "Peers with a link", () => source.LinkCount);
        Gauge("groupcomm.sends.waiting", "{message}", "Sends that wait for admission", () => source.SendsWaiting);
        Gauge("groupcomm.window.limit", "By", "The send window", () => source.WindowLimit);
        Sampled("groupcomm.window.used", "By", "Bytes sent that the slowest member has not consumed", () => figures.WindowUsed);
        Sampled("groupcomm.retained.bundles", "{bundle}", "Bundles kept because some member may lack them", () => figures.UnstableBundles);
        Sampled("groupcomm.retained.bytes", "By", "Payload bytes of these", () => figures.UnstableBytes);
        Sampled("groupcomm.queue.length", "{item}", "Items that wait for members of this node: runs of messages, views", () => figures.Queued);
    }

    public Histogram<double> SendWait { get; }

    public Histogram<double> DeliveryLatency { get; }

    public Histogram<double> SafeLatency { get; }

    public Histogram<double> HandlerDuration { get; }

    public Histogram<double> ViewChange { get; }

    /// <summary>Whether somebody observes what only a turn can read.</summary>
    public bool Samples
    {
        get
        {
            foreach (Instrument instrument in _sampled)
                if (instrument.Enabled)
                    return true;
            return false;
        }
    }

    public void Record(Histogram<double> histogram, double seconds) => histogram.Record(seconds, _ownList);

    public void Record(Histogram<double> histogram, double seconds, DeliveryOrder order) => histogram.Record(seconds, _byOrder[(int)order]);

    public void Dispose()
    {
        _over = true; // a factory's meter lives on: it must not keep telling of a node that is gone
        _meter.Dispose();
    }

    private Histogram<double> Histogram(string name, string text) => _meter.CreateHistogram(name, "s", text, tags: null, Buckets);

    private void Count(string name, string unit, string text, Func<long> value) =>
        _meter.CreateObservableCounter(name, () => One(value), unit, text);

    private void Gauge(string name, string unit, string text, Func<long> value) =>
        _meter.CreateObservableGauge(name, () => One(value), unit, text);

    private void Sampled(string name, string unit, string text, Func<long> value) =>
        _sampled.Add(_meter.CreateObservableGauge(name, () => One(value), unit, text));

    private void ByOrder(string name, string unit, string text, long[] counts) =>
        _meter.CreateObservableCounter(name, () => Many(Tags.Order, Tags.Orders, counts, first: 1), unit, text);

    private void Suspected(long[] counts) => _meter.CreateObservableCounter(
        "groupcomm.suspicions", () => Many(Tags.SuspicionReason, Tags.Suspicions, counts, first: 0), "{suspicion}", "Times that a node was suspected");

    private void Closed(INodeFigures source)
    {
        string[] kinds = Array.ConvertAll(Enum.GetNames<CloseKind>(), Tags.Snake);
        _meter.CreateObservableCounter(
            "groupcomm.links.closed",
            () => Many(Tags.CloseReason, kinds, Array.ConvertAll(Enum.GetValues<CloseKind>(), source.Transport.Closed), first: 0),
            "{link}", "Connections that ended, those refused at once included");
    }

    private IEnumerable<Measurement<long>> One(Func<long> value)
    {
        if (!_over)
            yield return new Measurement<long>(value(), _own);
    }

    private IEnumerable<Measurement<long>> Many(string tag, string[] values, long[] counts, int first)
    {
        for (int i = first; i < values.Length && !_over; i++)
            yield return new Measurement<long>(Volatile.Read(ref counts[i]), [.. _own, Tags.Of(tag, values[i])]);
    }
}
