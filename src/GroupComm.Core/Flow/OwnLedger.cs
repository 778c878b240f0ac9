using System.Collections.Generic;

namespace GroupComm.Core.Flow;

/// <summary>How many bytes of the own stream end at which sequence, so that consumption by the slowest member gives credit back.</summary>
internal sealed class OwnLedger
{
    private readonly Queue<(long Last, int Bytes)> _bundles = new();

    /// <summary>Bytes of earlier views that someone has not consumed.</summary>
    public long Carried { get; private set; }

    public long Outstanding { get; private set; }

    public void Add(long last, int bytes)
    {
        if (bytes == 0)
            return;
        _bundles.Enqueue((last, bytes));
        Outstanding += bytes;
    }

    /// <summary>Bytes that come free because everybody has consumed up to <paramref name="consumed"/>.</summary>
    public long Release(long consumed, bool priorConsumed)
    {
        long freed = 0;
        while (_bundles.TryPeek(out (long Last, int Bytes) first) && first.Last <= consumed)
        {
            freed += first.Bytes;
            _bundles.Dequeue();
        }
        Outstanding -= freed;
        if (priorConsumed)
        {
            freed += Carried;
            Carried = 0;
        }
        return freed;
    }

    /// <summary>A new view: what is outstanding is carried over.</summary>
    public void NextView()
    {
        Carried += Outstanding;
        Outstanding = 0;
        _bundles.Clear();
    }
}
