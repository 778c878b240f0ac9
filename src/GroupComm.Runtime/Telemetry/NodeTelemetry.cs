using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using GroupComm.Core;
using GroupComm.Core.Messages;
using GroupComm.Runtime.Delivery;
using GroupComm.Runtime.Submit;
using GroupComm.Runtime.Turn;

namespace GroupComm.Runtime.Telemetry;

/// <summary>
/// All that a node measures and traces; other rooms call one line of it each. While nobody listens it counts per unit and
/// per turn, and nothing else. Inside a turn no listener is called (<see cref="Outbox"/>).
/// </summary>
internal sealed class NodeTelemetry : IDisposable
{
    private static readonly long SampleEvery = Clock.Microseconds(20_000);

    private readonly Figures _figures = new();
    private readonly Outbox _outbox = new();
    private readonly FlightTable _flights;
    private readonly ConditionalWeakTable<Bundle, StrongBox<long>> _arrivals = [];
    private readonly long[] _measuredIn = new long[Tags.Orders.Length]; // the turn in which one of the order was measured last
    private long _sampledAt;
    private long _wedgedAt;

    public NodeTelemetry(string cluster, string node, IMeterFactory? factory, INodeFigures source)
    {
        (Cluster, Node) = (cluster, node);
        Meter = new NodeMeter(cluster, node, factory, _figures, _outbox, source);
        _flights = new FlightTable(Meter, _outbox);
    }

    /// <summary>One per process: spans of several nodes are told apart by their tags.</summary>
    public static ActivitySource Source { get; } = new(GroupCommTelemetry.ActivitySourceName, typeof(NodeTelemetry).Assembly.GetName().Version?.ToString(3));

    public string Cluster { get; }

    public string Node { get; }

    public NodeMeter Meter { get; }

    /// <summary>Whether sends are worth watching. Asked for every message, so it is found out once per turn: a new listener is
    /// noticed within a tick.</summary>
    public bool Listens { get; private set; }

    /// <summary>A send begins, on the thread of whoever sends: the span's parent is the current one.</summary>
    public SendRequest Watch(in SendRequest request)
    {
        Activity? activity = Source.HasListeners() ? Spans.Begin(this, request) : null;
        bool measured = TakeMeasure((int)request.Order);
        return request with { Watched = true, Flight = activity is null && !measured ? null : new Flight(_flights, request.Order, activity, measured) };
    }

    /// <summary>A timestamp if waits for admission are measured, else 0.</summary>
    public long WaitBegins() => Meter.SendWait.Enabled ? Stopwatch.GetTimestamp() : 0;

    /// <summary>A send was admitted after so many ticks; on the thread of whoever waited.</summary>
    public void WaitEnded(long ticks)
    {
        if (ticks > 0)
            Meter.Record(Meter.SendWait, Stopwatch.GetElapsedTime(0, ticks).TotalSeconds);
    }

    /// <summary>A frame came in; on the thread that reads the link.</summary>
    public void Arrived(Message message)
    {
        if (message is not Bundle bundle)
            return;
        _figures.AddReceived();
        if (Source.HasListeners() && Spans.IsTraced(bundle))
            _arrivals.AddOrUpdate(bundle, new StrongBox<long>(Stopwatch.GetTimestamp()));
    }

    /// <summary>When a traced message arrived and was delivered; null for every other message.</summary>
    public Handover? Delivered(Bundle bundle, in Segment segment) =>
        segment.TraceParent is null || !Source.HasListeners()
            ? null
            : new Handover(_arrivals.TryGetValue(bundle, out StrongBox<long>? arrived) ? arrived.Value : 0, Stopwatch.GetTimestamp());

    /// <summary>A turn has ended and its frames have left.</summary>
    public void Turned(NodeCore core, EffectList effects, Dictionary<int, Member> members)
    {
        _figures.Turns++;
        foreach (ref readonly Effect effect in effects.AsSpan())
            Count(effect);
        Listens = Source.HasListeners() || Meter.DeliveryLatency.Enabled || Meter.SafeLatency.Enabled;
        bool follow = _flights.Any || Listens;
        if (!follow && !Meter.Samples)
            return;
        long now = Stopwatch.GetTimestamp();
        if (follow)
            _flights.Reach(core.OwnProgress, now);
        if (now - _sampledAt < SampleEvery || !Meter.Samples)
            return;
        _sampledAt = now;
        (_figures.UnstableBundles, _figures.UnstableBytes) = core.Unstable;
        _figures.WindowUsed = core.WindowUsed;
        long queued = 0;
        foreach (Member member in members.Values)
            queued += member.Queued;
        _figures.Queued = queued;
    }

    /// <summary>What a member's pump tells of its handlers.</summary>
    public HandlerWatch NewHandlerWatch(Member member) => new(this, _outbox, member);

    /// <summary>The node has ended.</summary>
    public void Dispose()
    {
        _flights.End("this node stopped; whether the others have the message is unknown", forGood: true);
        Meter.Dispose();
    }

    private void Count(in Effect effect)
    {
        switch (effect.Kind)
        {
            case EffectKind.Broadcast when effect.Subject is Bundle bundle:
                _figures.BundlesSent++;
                foreach (ref readonly Segment segment in bundle.Segments)
                    if (segment.Kind == SegmentKind.Application && segment.FragmentsLeft == 0)
                        _figures.Sent[(int)segment.Order] += segment.Count;
                break;
            case EffectKind.Deliver:
                ref readonly Segment delivered = ref effect.Bundle[effect.Index];
                if (delivered.FragmentsLeft == 0)
                    _figures.Delivered[(int)delivered.Order] += effect.Count;
                break;
            case EffectKind.Suspected:
                _figures.Suspicions[Tags.SuspicionKind(effect.Text)]++;
                break;
            case EffectKind.Wedged:
                _wedgedAt = Stopwatch.GetTimestamp();
                break;
            case EffectKind.ViewInstalled:
                Install((InstalledView)effect.Subject!);
                break;
            case EffectKind.GroupViewInstalled:
                _figures.GroupViews++;
                break;
            case EffectKind.Left:
                // A leaver delivers the whole cut, and all that it sent is in it.
                _flights.Reach(new OwnProgress(long.MaxValue, 0, 0, 0, 0, 0), Stopwatch.GetTimestamp());
                _figures.Members = 0;
                break;
            case EffectKind.Excluded or EffectKind.GroupLost:
                _flights.End("numbered, then this node was no longer in the view: the others may or may not have the message", forGood: false);
                _figures.Members = 0;
                break;
        }
    }

    private void Install(InstalledView view)
    {
        _figures.Views++;
        _figures.Members = view.Members.Count;
        if (_wedgedAt != 0 && Meter.ViewChange.Enabled)
        {
            double seconds = Stopwatch.GetElapsedTime(_wedgedAt).TotalSeconds;
            _outbox.Post(() => Meter.Record(Meter.ViewChange, seconds));
        }
        _wedgedAt = 0;
    }

    // One message per order and turn: a fair sample of what is sent, and no work per message under load.
    private bool TakeMeasure(int order)
    {
        if (!_flights.HasRoom || !(Meter.DeliveryLatency.Enabled || Meter.SafeLatency.Enabled))
            return false;
        long turn = _figures.Turns + 1;
        ref long last = ref _measuredIn[order];
        if (last == turn)
            return false;
        last = turn;
        return true;
    }
}
