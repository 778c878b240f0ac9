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
            double text = (count * Sheet.LineHeight) + (count > 0 ? 3 : 5); // the lines stand above the moment
            double idle = before < 0 ? 0 : Math.Clamp(4 * Math.Log2(1 + ((time - before) / 250.0)), 0, 26);
            at += before < 0 ? 0 : Math.Max(text, idle);
            _heights.Add(time, at);
            before = time;
        }
        Bottom = at;
    }

    public double Bottom { get; }

    public double this[long time] => _heights[time];
}
