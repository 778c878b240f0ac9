using System;
using GroupComm.Core.Messages;

namespace GroupComm.Core.Stability;

/// <summary>
/// What every member of the view says it holds and has consumed. All entries only grow, so late acknowledgements are
/// facts and count. Decides when a number is safe, what is stable, and how much of the own stream is consumed.
/// </summary>
internal sealed class AckTable
{
    private readonly int _n;
    private readonly int _self;
    private readonly int _needed;
    private readonly long[] _ordered;
    private readonly long[][] _held;
    private readonly long[][] _consumed;
    private readonly bool[] _prior;
    private long _safeNumber; // of the table as it is: asked for in every turn, and changed in few
    private long _safeOwn;

    public AckTable(int ranks, int self, int needed)
    {
        (_n, _self, _needed) = (ranks, self, needed);
        _ordered = new long[ranks];
        _prior = new bool[ranks];
        _held = new long[ranks][];
        _consumed = new long[ranks][];
        for (int i = 0; i < ranks; i++)
            (_held[i], _consumed[i]) = (new long[ranks], new long[ranks]);
    }

    /// <summary>Members needed for more than half of <paramref name="ranks"/>.</summary>
    public static int MoreThanHalf(int ranks) => ranks / 2 + 1;

    public ReadOnlySpan<long> HeldBy(int rank) => _held[rank];

    public long OrderedBy(int rank) => _ordered[rank];

    /// <summary>How far a member has consumed the own stream.</summary>
    public long OwnConsumedBy(int rank) => _consumed[rank][_self];

    /// <summary>Takes over what the member says; answers whether any of it is news.</summary>
    public bool Set(int rank, long ordered, ReadOnlySpan<long> held, ReadOnlySpan<long> consumed, bool prior)
    {
        bool news = prior && !_prior[rank];
        _prior[rank] |= prior;
        if (ordered > _ordered[rank])
        {
            SetOrdered(rank, ordered);
            news = true;
        }
        long own = _held[rank][_self];
        news |= Raise(_held[rank], held);
        if (_held[rank][_self] > own)
            CountOwn();
        news |= Raise(_consumed[rank], consumed);
        return news;
    }

    private static bool Raise(long[] known, ReadOnlySpan<long> said)
    {
        bool news = false;
        for (int i = 0; i < known.Length; i++)
            if (said[i] > known[i])
            {
                known[i] = said[i];
                news = true;
            }
        return news;
    }

    /// <summary>The sequencer's order frame is its own acknowledgement.</summary>
    public void SetOrdered(int rank, long ordered)
    {
        if (ordered <= _ordered[rank])
            return;
        _ordered[rank] = ordered;
        Span<long> values = stackalloc long[_n];
        _ordered.CopyTo(values);
        _safeNumber = NeededLargest(values);
    }

    /// <summary>Numbers up to here are held by enough members to be delivered safe.</summary>
    public long SafeNumber() => _safeNumber;

    /// <summary>The own stream up to here is held by enough members.</summary>
    public long SafeOwn() => _safeOwn;

    private void CountOwn()
    {
        Span<long> values = stackalloc long[_n];
        for (int i = 0; i < _n; i++)
            values[i] = _held[i][_self];
        _safeOwn = NeededLargest(values);
    }

    /// <summary>The own stream up to here is held by some other member.</summary>
    public long OwnElsewhere()
    {
        long most = 0;
        for (int i = 0; i < _n; i++)
            if (i != _self)
                most = Math.Max(most, _held[i][_self]);
        return most;
    }

    /// <summary>Everybody holds the stream of <paramref name="rank"/> up to here.</summary>
    public long Stable(int rank)
    {
        long least = long.MaxValue;
        for (int i = 0; i < _n; i++)
            least = Math.Min(least, _held[i][rank]);
        return least;
    }

    /// <summary>Everybody holds the orders up to here.</summary>
    public long OrderedByAll()
    {
        long least = long.MaxValue;
        foreach (long value in _ordered)
            least = Math.Min(least, value);
        return least;
    }

    /// <summary>Everybody has consumed the own stream up to here.</summary>
    public long OwnConsumed()
    {
        long least = long.MaxValue;
        for (int i = 0; i < _n; i++)
            least = Math.Min(least, _consumed[i][_self]);
        return least;
    }

    /// <summary>Everybody has consumed the views before this one.</summary>
    public bool PriorConsumed()
    {
        foreach (bool prior in _prior)
            if (!prior)
                return false;
        return true;
    }

    private long NeededLargest(Span<long> values)
    {
        // Insertion sort: a view is small, and this runs often.
        for (int i = 1; i < values.Length; i++)
        {
            long value = values[i];
            int at = i;
            for (; at > 0 && values[at - 1] > value; at--)
                values[at] = values[at - 1];
            values[at] = value;
        }
        return values[_n - _needed];
    }
}
