using System;
using System.Collections.Generic;
using System.Linq;
using GroupComm.Testing.Traces;

namespace GroupComm.Containers.Tests.Torture;

/// <summary>Figures from traces of one machine, whose clock is the same for all its containers.</summary>
internal static class TraceFigures
{
    private const long Gap = 100_000_000;

    /// <summary>Lines of that kind from the one time to the other.</summary>
    public static long Count(History history, TraceKind kind, long begin = long.MinValue, long end = long.MaxValue)
    {
        long count = 0;
        foreach (ProcessTrace process in history.Processes)
            foreach (ref readonly TraceEvent e in process.Events)
                if (e.Kind == kind && e.T >= begin && e.T <= end)
                    count++;
        return count;
    }

    /// <summary>Members that views of that time no longer have; one that two survivors miss counts once.</summary>
    public static long Departed(History history, long begin, long end)
    {
        HashSet<(long View, int Process)> departed = [];
        foreach (ProcessTrace process in history.Processes)
            foreach (ref readonly TraceEvent e in process.Events)
                if (e.Kind == TraceKind.View && e.T >= begin && e.T <= end)
                    foreach (LeftNode left in history.Detail(e.Detail).Left)
                        departed.Add((e.View, left.Process));
        return departed.Count;
    }

    /// <summary>Seconds in which no node delivered anything, counted from 100 ms on, between the first and the last delivery.</summary>
    public static double Silence(History history)
    {
        List<long> times = [];
        foreach (ProcessTrace process in history.Processes)
            foreach (ref readonly TraceEvent e in process.Events)
                if (e.Kind == TraceKind.Deliver)
                    times.Add(e.T);
        times.Sort();
        double silence = 0;
        for (int i = 1; i < times.Count; i++)
            if (times[i] - times[i - 1] > Gap)
                silence += (times[i] - times[i - 1]) / 1e9;
        return silence;
    }

    /// <summary>
    /// Per survivor, milliseconds from the last line of a life that ended around then until the survivor installed a view
    /// without it. Empty when the node was in no view.
    /// </summary>
    /// <param name="history">All traces.</param>
    /// <param name="name">Who was killed or stopped.</param>
    /// <param name="around">When the harness did it.</param>
    public static List<double> UntilView(History history, string name, long around)
    {
        // The lines of that life that came before; a killed life has none after.
        ProcessTrace? life = history.Processes.Where(p => p.Id.Name == name && p.Count > 0 && p[0].T < around).MaxBy(p => p[0].T);
        if (life is null)
            return [];
        long end = 0;
        foreach (ref readonly TraceEvent e in life.Events)
            if (e.T <= around + Gap)
                end = e.T;
        List<double> found = [];
        foreach (ProcessTrace other in history.Processes)
        {
            if (other.Index == life.Index || other.Count == 0 || other[0].T > end)
                continue;
            bool with = false;
            foreach (ref readonly TraceEvent e in other.Events)
            {
                if (e.Kind != TraceKind.View)
                    continue;
                bool has = history.Detail(e.Detail).Members.Contains(life.Index);
                if (e.T > end && with && !has)
                {
                    found.Add((e.T - end) / 1e6);
                    break;
                }
                with = has;
            }
        }
        return found;
    }
}
