using System;
using System.Diagnostics;
using GroupComm.Core;

namespace GroupComm.Runtime.Telemetry;

/// <summary>
/// One own multicast that somebody watches, from the call to its delivery here and on to safe. All moments are of this node's
/// clock and of what this node knows (docs/telemetry.md defines each); they are taken at the end of a turn, after its frames
/// left. Changed under the lock of its <see cref="FlightTable"/> once it is admitted.
/// </summary>
internal sealed class Flight(FlightTable table, DeliveryOrder order, Activity? activity, bool measured)
{
    private readonly long _began = Stopwatch.GetTimestamp();
    private long _admitted;
    private long _sent;
    private long _elsewhere;
    private long _ordered;
    private long _delivered;
    private bool _viewChanged;

    public DeliveryOrder Order => order;

    public Activity? Activity => activity;

    /// <summary>Goes into the histograms, not only into a span.</summary>
    public bool Measured => measured;

    public long View { get; private set; }

    public long Sequence { get; private set; }

    /// <summary>What goes into the message's header; null when there is no span.</summary>
    public string? TraceParent => activity?.Id;

    public bool IsDelivered => _delivered != 0;

    public double Seconds(long until) => Stopwatch.GetElapsedTime(_began, until).TotalSeconds;

    public double DeliverySeconds => Seconds(_delivered);

    /// <summary>It has its place in the stream.</summary>
    public void Admitted(long view, long sequence)
    {
        (View, Sequence) = (view, sequence);
        _admitted = Stopwatch.GetTimestamp();
        table.Add(this);
    }

    /// <summary>It was not sent.</summary>
    public void Refused(Exception error) => table.Fail(this, error.Message);

    /// <summary>Takes note of what is reached; true when it was delivered just now.</summary>
    public bool Reach(in OwnProgress reached, long now)
    {
        if (IsDelivered || reached.View < View)
            return false;
        now = Math.Max(now, _admitted); // which the sender's own thread may note late: the waits follow each other and add up to the whole
        _viewChanged = reached.View > View; // by virtual synchrony all of the old view that was sent here was delivered
        if (_sent == 0 && (_viewChanged || reached.Sent >= Sequence))
            _sent = now;
        if (_elsewhere == 0 && !_viewChanged && reached.Elsewhere >= Sequence)
            _elsewhere = now;
        if (_ordered == 0 && order >= DeliveryOrder.Agreed && (_viewChanged || reached.Ordered >= Sequence))
            _ordered = now;
        if (!_viewChanged && reached.Delivered < Sequence)
            return false;
        _delivered = now;
        return true;
    }

    public bool IsSafe(in OwnProgress reached) => reached.View > View || (reached.View == View && reached.Safe >= Sequence);

    /// <summary>Ends the span; outside of the turn, for it calls listeners.</summary>
    public void EndSpan()
    {
        if (activity is null)
            return;
        activity.SetTag("groupcomm.message.view", View);
        activity.SetTag("groupcomm.message.sequence", Sequence);
        SetWait("groupcomm.admission_wait", _began, _admitted);
        SetWait("groupcomm.bundle_wait", _admitted, _sent);
        if (_elsewhere != 0)
            SetWait("groupcomm.network", _sent, _elsewhere);
        if (order >= DeliveryOrder.Agreed)
            SetWait("groupcomm.order_wait", _sent, _ordered);
        SetWait(order == DeliveryOrder.Safe ? "groupcomm.stability_wait" : "groupcomm.hold_wait", _ordered != 0 ? _ordered : _sent, _delivered);
        if (_viewChanged)
            activity.SetTag("groupcomm.view_change", true);
        Stop(_delivered);
    }

    public void FailSpan(string reason, long now)
    {
        activity?.SetStatus(ActivityStatusCode.Error, reason);
        Stop(now);
    }

    private void Stop(long at)
    {
        activity?.SetEndTime(activity.StartTimeUtc + Stopwatch.GetElapsedTime(_began, at));
        activity?.Stop();
    }

    private void SetWait(string tag, long from, long to) => activity!.SetTag(tag, Math.Max(0, Stopwatch.GetElapsedTime(from, to).TotalSeconds));
}
