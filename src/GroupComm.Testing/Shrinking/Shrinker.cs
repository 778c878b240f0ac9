using System;
using System.Collections.Generic;
using System.Linq;
using GroupComm.Testing.Simulation;

namespace GroupComm.Testing.Shrinking;

/// <summary>
/// Cuts a failing schedule down while it still violates the same law (delta debugging: A. Zeller, R. Hildebrandt, 2002): ends it
/// early, takes out faults, messages and nodes, and decides calmly what was left to chance. Bounded by runs, not by time, so
/// that the result depends on the schedule alone.
/// </summary>
internal sealed class Shrinker(int maxRuns = Shrinker.DefaultRuns, SimCluster? cluster = null)
{
    public const int DefaultRuns = 6000;

    private static readonly OccasionKind[] Order =
    [
        OccasionKind.Fault, OccasionKind.Send, OccasionKind.Turn, OccasionKind.Event, OccasionKind.Client, OccasionKind.Start, OccasionKind.Frame, OccasionKind.Gap,
    ];

    private readonly SimCluster _cluster = cluster ?? new();
    private Schedule _best = null!;
    private string _law = "";

    /// <summary>Schedules that were run.</summary>
    public int Runs { get; private set; }

    /// <summary>The smallest schedule found that violates <paramref name="law"/>, as <paramref name="failing"/> does.</summary>
    public Schedule Shrink(Schedule failing, string law)
    {
        (_best, _law, Runs) = (failing, law, 0);
        if (!Fails(failing))
            return failing; // a law that only a whole range of seeds can break, such as the reordering that is due
        for (int before = int.MaxValue, round = 0; round < 4 && Weight() < before && Runs < maxRuns; round++)
        {
            before = Weight();
            EndEarly();
            RemoveNodes();
            foreach (OccasionKind kind in Order)
                Remove(kind);
            RemoveNodes();
            CalmMix();
            CalmValues();
        }
        EndEarly();
        return _best;
    }

    private int Weight() => _best.Entries.Count + _best.Entries.Values.Sum(static values => values.Count(static v => v != Tape.Calm));

    private bool Fails(Schedule candidate)
    {
        if (Runs >= maxRuns)
            return false;
        Runs++;
        return candidate.Play(_cluster)?.Law == _law;
    }

    private bool Try(Schedule candidate)
    {
        if (!Fails(candidate))
            return false;
        _best = candidate;
        return true;
    }

    /// <summary>The shortest run that still shows a breach of a safety law; liveness needs the whole run.</summary>
    private void EndEarly()
    {
        if (_law.StartsWith("LV", StringComparison.Ordinal))
            return;
        _best.Play(_cluster);
        long low = 0, high = _best.StopAt ?? _cluster.Now;
        while (high - low > 200)
        {
            long middle = (low + high) / 2;
            if (Try(_best with { StopAt = middle }))
                high = middle;
            else
                low = middle;
        }
    }

    /// <summary>Takes entries of a kind out: large pieces first, then smaller ones.</summary>
    private void Remove(OccasionKind kind)
    {
        List<Occasion> left = [.. _best.Entries.Keys.Where(o => o.Kind == kind).Order()];
        for (int size = left.Count; size >= 1; size /= 2)
            for (int at = 0; at < left.Count;)
            {
                int count = Math.Min(size, left.Count - at);
                var fewer = new Dictionary<Occasion, int[]>(_best.Entries);
                for (int i = at; i < at + count; i++)
                    fewer.Remove(left[i]);
                if (Try(_best with { Entries = fewer }))
                    left.RemoveRange(at, count);
                else
                    at += count;
            }
    }

    private void RemoveNodes()
    {
        for (int node = 8; node >= 0; node--)
            if (Nodes.Without(_best, node) is { } fewer)
                Try(fewer);
    }

    private void CalmMix()
    {
        var mix = new Occasion(OccasionKind.Mix, 0, 0, 0);
        for (int i = _best.Entries.TryGetValue(mix, out int[]? values) ? values.Length - 1 : -1; i > 0; i--) // 0 is the number of nodes
            Calm(mix, i);
    }

    /// <summary>What faults and messages are made of, but for which fault it is and whom it meets.</summary>
    private void CalmValues()
    {
        foreach (Occasion o in _best.Entries.Keys.Where(static o => o.Kind is OccasionKind.Fault or OccasionKind.Send).Order().ToArray())
            for (int i = _best.Entries[o].Length - 1; i >= (o.Kind == OccasionKind.Fault ? Nodes.FaultHead : 0); i--)
                Calm(o, i);
    }

    private void Calm(Occasion occasion, int place)
    {
        int[] values = _best.Entries[occasion];
        if (values[place] == Tape.Calm)
            return;
        int[] calmer = [.. values];
        calmer[place] = Tape.Calm;
        Try(_best with { Entries = new Dictionary<Occasion, int[]>(_best.Entries) { [occasion] = calmer } });
    }
}
