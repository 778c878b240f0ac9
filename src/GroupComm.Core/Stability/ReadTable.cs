using System;
using System.Collections.Generic;

namespace GroupComm.Core.Stability;

/// <summary>
/// Barrier reads (law VS-23). A round sends one no-op in the own stream. Whoever says that it holds the no-op says in the
/// same acknowledgement what else it holds; once more than half have, everything that was Safe anywhere when the round
/// began is below the largest of those vectors, and the round ends when this node has passed that much. Or at the next
/// install: whoever is in the next view sent its no-op before it was wedged, thus before that view was decided and had
/// messages of its own, and what was Safe in the old view is in its cut. Source: docs/decisions/0018.
/// </summary>
internal sealed class ReadTable(bool onOwnWord, bool withoutVectors, bool endAtInstall)
{
    private readonly Queue<Round> _rounds = new(); // those with a target come first
    private long _waiting; // the last read that no round covers
    private long _covered; // the last read that a round covers
    private long _ended;

    private sealed class Round(long read, long sequence)
    {
        public long Read { get; } = read;

        public long Sequence { get; } = sequence;

        public long[]? Target { get; set; }
    }

    /// <summary>A round has to begin.</summary>
    public bool IsWaiting => _waiting > _covered;

    public bool IsOpen => _rounds.Count > 0;

    /// <summary>A read begins. Reads are numbered by the caller, rising.</summary>
    public void Begin(long read) => _waiting = read;

    /// <summary>All reads that wait share the no-op with this sequence.</summary>
    public void Sent(long sequence)
    {
        _rounds.Enqueue(new Round(_waiting, sequence));
        _covered = _waiting;
    }

    /// <summary>The last read that ended, or 0.</summary>
    public long Advance(AckTable acks, int self, ReadOnlySpan<long> passed)
    {
        foreach (Round round in _rounds)
            round.Target ??= TargetOf(acks, self, round.Sequence, passed.Length);
        long ended = 0;
        while (_rounds.TryPeek(out Round? first) && first.Target is not null && IsReached(first.Target, passed))
        {
            ended = _ended = first.Read;
            _rounds.Dequeue();
        }
        return ended;
    }

    /// <summary>The view ends, its cut is delivered. The last read that ended with it, or 0: all whose round had begun. Those
    /// that began behind the wedge begin in the next view.</summary>
    public long Install()
    {
        long last = endAtInstall ? _waiting : _covered;
        long ended = last > _ended ? last : 0;
        _rounds.Clear();
        _covered = _ended = last;
        return ended;
    }

    /// <summary>Nobody can answer now: the last read that is given up, or 0.</summary>
    public long GiveUp()
    {
        long last = _waiting > _ended ? _waiting : 0;
        _rounds.Clear();
        _covered = _ended = _waiting;
        return last;
    }

    private long[]? TargetOf(AckTable acks, int self, long sequence, int ranks)
    {
        int holders = 0;
        var target = new long[ranks];
        for (int r = 0; r < ranks; r++)
        {
            ReadOnlySpan<long> held = acks.HeldBy(r);
            if (held[self] < sequence)
                continue;
            holders++;
            for (int i = 0; i < ranks && !withoutVectors; i++)
                target[i] = Math.Max(target[i], held[i]);
        }
        return holders >= (onOwnWord ? 1 : AckTable.MoreThanHalf(ranks)) ? target : null;
    }

    private static bool IsReached(long[] target, ReadOnlySpan<long> passed)
    {
        for (int r = 0; r < target.Length; r++)
            if (passed[r] < target[r])
                return false;
        return true;
    }
}
