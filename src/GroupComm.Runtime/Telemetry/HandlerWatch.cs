using System;
using System.Diagnostics;
using GroupComm.Runtime.Delivery;

namespace GroupComm.Runtime.Telemetry;

/// <summary>Times the units of one pump and traces them. Belongs to the pump: its calls never overlap. A traced message is a
/// unit of its own, so a unit has one span at the most. What a listener throws does not reach the pump.</summary>
internal sealed class HandlerWatch(NodeTelemetry node, Outbox outbox, Member member)
{
    private long _began;
    private Activity? _span;

    /// <summary>Before the first handler of a unit; the span, if there is one, is the current one from here on.</summary>
    public void Begin(DeliveryUnit unit)
    {
        if (_began != 0 || _span is not null)
            return; // goes on after a handler that waited
        if (node.Meter.HandlerDuration.Enabled)
            _began = Stopwatch.GetTimestamp();
        if (unit.Handover is not { } handover)
            return;
        try
        {
            _span = Spans.Begin(node, unit, handover, member);
        }
        catch (Exception)
        {
            outbox.Drop();
        }
    }

    public void Fail(Exception error) => _span?.SetStatus(ActivityStatusCode.Error, error.Message);

    /// <summary>After the last handler of a unit of so many messages, in whatever way it ended.</summary>
    public void End(int messages)
    {
        if (_began == 0 && _span is null)
            return;
        try
        {
            if (_began != 0)
                node.Meter.Record(node.Meter.HandlerDuration, Stopwatch.GetElapsedTime(_began).TotalSeconds / messages);
            _span?.Stop();
        }
        catch (Exception)
        {
            outbox.Drop();
        }
        (_began, _span) = (0, null);
    }
}
