using System;
using System.Collections.Generic;
using System.Linq;

namespace GroupComm.Testing.Diagrams;

/// <summary>
/// Moments as heights. What happens within a millisecond needs room and a second of silence needs none, so the scale is the
/// order of moments, stretched a little where time passed.
/// </summary>
internal sealed class TimeScale
{
    private readonly SortedList<long, double> _heights = [];

    /// <param name="lines">How many lines of text stand at a moment, at the process that has most there; 0: only an arrow ends.</param>
    /// <param name="top">Height of the first.</param>
    public TimeScale(IReadOnlyDictionary<long, int> lines, double top)
    {
        double at = top;
        long before = -1;
        foreach ((long time, int count) in lines.OrderBy(static pair => pair.Key))
        {
            if (before >= 0)
                at += Math.Clamp(4 * Math.Log2(1 + ((time - before) / 250.0)), 0, 26);
            _heights.Add(time, at);
            at += count > 0 ? (count * Sheet.LineHeight) + 2 : 5;
            before = time;
        }
        Bottom = at;
    }

    public double Bottom { get; }

    public double this[long time] => _heights[time];
}
