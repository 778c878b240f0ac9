using System;

namespace GroupComm;

/// <summary>How many answers a query waits for.</summary>
public readonly record struct QueryTarget
{
    private QueryTarget(int count) => Count = count;

    /// <summary>0: all; -1: more than half; else that many.</summary>
    internal int Count { get; }

    /// <summary>Every member of the view, or the news of its departure.</summary>
    public static QueryTarget All => default;

    /// <summary>More than half of the view; fails when so many departed that they cannot answer.</summary>
    public static QueryTarget Majority => new(-1);

    /// <summary>The first <paramref name="count"/> answers, at least 1; with fewer members, as <see cref="All"/>.</summary>
    public static QueryTarget First(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return new QueryTarget(count);
    }
}
