using System.Collections.Generic;
using GroupComm.Testing.Simulation;

namespace GroupComm.Testing.Shrinking;

/// <summary>Takes a node out of a schedule: the ones after it move up.</summary>
internal static class Nodes
{
    /// <summary>The first draws of a fault: its kind, a node, another one.</summary>
    public const int FaultHead = 3;

    private static readonly Occasion Mix = new(OccasionKind.Mix, 0, 0, 0);

    /// <summary>The schedule without that founder; null when it has no such founder, or too few.</summary>
    public static Schedule? Without(Schedule schedule, int node)
    {
        if (!schedule.Entries.TryGetValue(Mix, out int[]? mix) || mix[0] <= 0 || node >= schedule.MinNodes + mix[0])
            return null;
        var entries = new Dictionary<Occasion, int[]>();
        foreach ((Occasion o, int[] values) in schedule.Entries)
        {
            bool hasA = o.Kind is OccasionKind.Start or OccasionKind.Client or OccasionKind.Send or OccasionKind.Turn or OccasionKind.Event or OccasionKind.Frame;
            bool hasB = o.Kind is OccasionKind.Frame;
            if ((hasA && o.A == node) || (hasB && o.B == node))
                continue;
            Occasion moved = o with { A = hasA && o.A > node ? o.A - 1 : o.A, B = hasB && o.B > node ? o.B - 1 : o.B };
            int[] own = [.. values];
            if (o.Kind == OccasionKind.Mix)
                own[0]--;
            for (int i = 1; o.Kind == OccasionKind.Fault && i < FaultHead && i < own.Length; i++)
                own[i] = own[i] > node ? own[i] - 1 : own[i];
            entries[moved] = own;
        }
        return schedule with { Entries = entries };
    }
}
