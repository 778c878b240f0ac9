using System;
using System.Collections.Generic;
using GroupComm.Core.Messages;

namespace GroupComm.Core.Total;

/// <summary>
/// The agreed order of one view as runs (docs/protocol/agreed-and-safe.md). Every node has a prefix of the sequencer's
/// log, cut at the same places. Runs that everybody acknowledged are dropped at the front.
/// </summary>
internal sealed class OrderLog(int ranks)
{
    private readonly List<OrderRun> _runs = [];
    private int _next; // run that is being delivered
    private int _takenOfNext;
    private int _acked; // run that is next to be acknowledged

    /// <summary>Numbers up to here were dropped.</summary>
    public long Base { get; private set; }

    /// <summary>The last assigned number.</summary>
    public long End { get; private set; }

    /// <summary>The last delivered number.</summary>
    public long Delivered { get; private set; }

    /// <summary>Numbers before the run that is being delivered, and how many of that run were delivered.</summary>
    public long NextStart => Delivered - _takenOfNext;

    public int TakenOfNext => _takenOfNext;

    /// <summary>Bodies, prefixes and causal past of all numbers up to here are held.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>Per rank: ordered sequences up to here have a number.</summary>
    public long[] UpTo { get; } = new long[ranks];

    /// <summary>Per rank: <see cref="UpTo"/> at <see cref="Base"/>.</summary>
    public long[] UpToAtBase { get; } = new long[ranks];

    public IReadOnlyList<OrderRun> Runs => _runs;

    public void Append(OrderRun run)
    {
        _runs.Add(run);
        End += run.Count;
        UpTo[run.Rank] = run.UpTo;
    }

    /// <summary>The run that is to be delivered next.</summary>
    public bool TryNext(out OrderRun run)
    {
        bool any = _next < _runs.Count;
        run = any ? _runs[_next] : default;
        return any;
    }

    /// <summary>So many of the next run were delivered.</summary>
    public void Deliver(int count)
    {
        Delivered += count;
        _takenOfNext += count;
        if (_takenOfNext < _runs[_next].Count)
            return;
        Invariant.Holds(_takenOfNext == _runs[_next].Count, "VS-15", "delivered past the end of an order run");
        _takenOfNext = 0;
        _next++;
    }

    /// <summary>Advances <see cref="Acknowledged"/> over runs that <paramref name="held"/> covers.</summary>
    public void Acknowledge(ReadOnlySpan<long> held)
    {
        while (_acked < _runs.Count && held[_runs[_acked].Rank] >= _runs[_acked].UpTo)
            Acknowledged += _runs[_acked++].Count;
    }

    /// <summary>Drops delivered runs that everybody acknowledged.</summary>
    public void Prune(long everybody)
    {
        int drop = 0;
        long end = Base;
        while (drop < _next && drop < _acked && end + _runs[drop].Count <= everybody)
        {
            end += _runs[drop].Count;
            UpToAtBase[_runs[drop].Rank] = _runs[drop].UpTo;
            drop++;
        }
        if (drop == 0)
            return;
        _runs.RemoveRange(0, drop);
        Base = end;
        _next -= drop;
        _acked -= drop;
    }

    /// <summary>
    /// The view's final sequence: numbers after <paramref name="sequenceBase"/> are exactly <paramref name="sequence"/>.
    /// What was delivered here must be a prefix of it.
    /// </summary>
    public void Finish(long sequenceBase, ReadOnlySpan<OrderRun> sequence)
    {
        Invariant.Holds(sequenceBase <= End, "VS-15", "the decided sequence begins after the own order log");
        int keep = 0;
        long at = Base;
        while (at < sequenceBase)
            at += _runs[keep++].Count;
        var final = new List<OrderRun>(_runs.GetRange(0, keep));
        int skip = 0;
        for (long first = sequenceBase; first < Base; skip++)
            at = first += sequence[skip].Count; // this node knew of more acknowledgements than the proposer
        Invariant.Holds(at == Math.Max(Base, sequenceBase), "VS-15", "the decided sequence meets the own order log inside a run");
        foreach (OrderRun run in sequence[skip..])
            final.Add(run);
        CheckPrefix(final);
        long delivered = Delivered;
        _runs.Clear();
        _runs.AddRange(final);
        End = Base;
        foreach (OrderRun run in _runs)
            End += run.Count;
        Invariant.Holds(delivered <= End, "VS-16", "delivered past the decided sequence");
        _next = 0;
        _takenOfNext = 0;
        for (long left = delivered - Base; left > 0;)
        {
            int step = (int)Math.Min(left, _runs[_next].Count);
            left -= step;
            if (step == _runs[_next].Count)
                _next++;
            else
                _takenOfNext = step;
        }
    }

    private void CheckPrefix(List<OrderRun> final)
    {
        // Compare number by number in runs: both lists name the same rank for every delivered number.
        int i = 0, j = 0;
        long usedI = 0, usedJ = 0;
        for (long left = Delivered - Base; left > 0;)
        {
            Invariant.Holds(j < final.Count && _runs[i].Rank == final[j].Rank, "VS-15", "the own delivered sequence is no prefix of the decided one");
            long step = Math.Min(left, Math.Min(_runs[i].Count - usedI, final[j].Count - usedJ));
            left -= step;
            usedI += step;
            usedJ += step;
            if (usedI == _runs[i].Count)
                (i, usedI) = (i + 1, 0);
            if (usedJ == final[j].Count)
                (j, usedJ) = (j + 1, 0);
        }
    }
}
