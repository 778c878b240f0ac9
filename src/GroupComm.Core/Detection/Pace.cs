using System;

namespace GroupComm.Core.Detection;

/// <summary>
/// How regularly the heartbeats of one member come: smoothed mean and deviation of the intervals, whole numbers only. The
/// limit of silence grows with irregularity, between a floor and a ceiling in time; until enough was seen it is the ceiling.
/// Source: V. Jacobson, <em>Congestion avoidance and control</em> (1988), section 2; docs/decisions/0016.
/// </summary>
internal struct Pace
{
    private const int Enough = 8;
    private const int Patience = 8; // deviations beyond the mean

    private long _lastAt;
    private long _mean8; // times 8
    private long _deviation4; // times 4
    private int _seen;

    /// <summary>A heartbeat came.</summary>
    public void Beat(long now)
    {
        if (_lastAt != 0)
            Learn(now - _lastAt);
        _lastAt = Math.Max(now, 1);
    }

    /// <summary>The interval under way says nothing about the member: this node stood still, or was not listening.</summary>
    public void Skip() => _lastAt = 0;

    /// <summary>Silence beyond this is suspicious.</summary>
    public readonly long Limit(long floor, long ceiling) =>
        _seen < Enough ? ceiling : Math.Clamp((_mean8 >> 3) + (Patience * _deviation4 >> 2), floor, ceiling);

    private void Learn(long interval)
    {
        if (_seen == 0)
            (_mean8, _deviation4) = (interval << 3, interval << 1);
        long error = interval - (_mean8 >> 3);
        _mean8 += error;
        _deviation4 += Math.Abs(error) - (_deviation4 >> 2);
        _seen = Math.Min(_seen + 1, Enough);
    }
}
