using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using GroupComm.Core;

namespace GroupComm.Runtime.Telemetry;

/// <summary>The watched multicasts that are under way. Bounded: beyond, a span ends at admission and a measurement is left
/// out. What a turn reached is kept, for a fast turn may deliver a message before its sender has put it here.</summary>
internal sealed class FlightTable(NodeMeter meter, Outbox outbox)
{
    private const int MostSpans = 1024;
    private const int MostMeasured = 128;

    private readonly Lock _lock = new();
    private readonly List<Flight> _open = [];
    private OwnProgress _reached;
    private string? _ended;
    private int _count;

    public bool Any => Volatile.Read(ref _count) > 0;

    public bool HasRoom => Volatile.Read(ref _count) < MostMeasured;

    public void Add(Flight flight)
    {
        lock (_lock)
        {
            long now = Stopwatch.GetTimestamp();
            if (_ended is not null)
                Fail(flight, _ended);
            else if (_open.Count >= MostSpans)
            {
                outbox.Drop();
                Fail(flight, "too many multicasts are traced at once: this one is not followed, it was sent all the same");
            }
            else if (!Advance(flight, _reached, now))
                _open.Add(flight);
            Volatile.Write(ref _count, _open.Count);
        }
    }

    /// <summary>A turn has ended; called by the core's owner.</summary>
    public void Reach(in OwnProgress reached, long now)
    {
        lock (_lock)
        {
            _reached = reached;
            int kept = 0;
            for (int i = 0; i < _open.Count; i++)
                if (!Advance(_open[i], reached, now))
                    _open[kept++] = _open[i];
            _open.RemoveRange(kept, _open.Count - kept);
            Volatile.Write(ref _count, kept);
        }
    }

    /// <summary>The fate of what is open will not be known. With <paramref name="forGood"/> that of later ones neither.</summary>
    public void End(string reason, bool forGood)
    {
        lock (_lock)
        {
            if (forGood)
                _ended ??= reason;
            _reached = default;
            foreach (Flight flight in _open)
                if (!flight.IsDelivered)
                    Fail(flight, reason);
            _open.Clear();
            Volatile.Write(ref _count, 0);
        }
    }

    public void Fail(Flight flight, string reason)
    {
        if (flight.Activity is null)
            return;
        long now = Stopwatch.GetTimestamp();
        outbox.Post(() => flight.FailSpan(reason, now));
    }

    /// <returns>True when there is nothing more to learn.</returns>
    private bool Advance(Flight flight, in OwnProgress reached, long now)
    {
        if (flight.Reach(reached, now))
            outbox.Post(() =>
            {
                if (flight.Measured)
                    meter.Record(meter.DeliveryLatency, flight.DeliverySeconds, flight.Order);
                flight.EndSpan();
            });
        if (!flight.IsDelivered)
            return false;
        if (!flight.Measured || !meter.SafeLatency.Enabled)
            return true;
        if (!flight.IsSafe(reached))
            return false;
        double seconds = flight.Seconds(now);
        outbox.Post(() => meter.Record(meter.SafeLatency, seconds, flight.Order));
        return true;
    }
}
