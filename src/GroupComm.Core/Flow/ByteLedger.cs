using System.Collections.Generic;

namespace GroupComm.Core.Flow;

/// <summary>How many bytes of one stream end at which sequence: what a prefix of it weighs.</summary>
internal sealed class ByteLedger
{
    private readonly Queue<(long Last, int Bytes)> _ends = new();

    /// <summary>Bytes that were added and not released.</summary>
    public long Outstanding { get; private set; }

    /// <summary>The next bytes of the stream end at <paramref name="last"/>.</summary>
    public void Add(long last, int bytes)
    {
        if (bytes == 0)
            return;
        _ends.Enqueue((last, bytes));
        Outstanding += bytes;
    }

    /// <summary>Bytes that end at <paramref name="upTo"/> or before, and were not released yet.</summary>
    public long Release(long upTo)
    {
        long freed = 0;
        while (_ends.TryPeek(out (long Last, int Bytes) first) && first.Last <= upTo)
        {
            freed += first.Bytes;
            _ends.Dequeue();
        }
        Outstanding -= freed;
        return freed;
    }

    /// <summary>Forgets all; answers what was outstanding.</summary>
    public long Clear()
    {
        long left = Outstanding;
        _ends.Clear();
        Outstanding = 0;
        return left;
    }
}
