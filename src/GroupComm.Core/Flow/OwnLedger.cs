namespace GroupComm.Core.Flow;

/// <summary>What of the own stream the slowest member has not consumed: its consumption gives credit back.</summary>
internal sealed class OwnLedger
{
    private readonly ByteLedger _stream = new();

    /// <summary>Bytes of earlier views that someone has not consumed.</summary>
    public long Carried { get; private set; }

    public long Outstanding => _stream.Outstanding;

    public void Add(long last, int bytes) => _stream.Add(last, bytes);

    /// <summary>Bytes that come free because everybody has consumed up to <paramref name="consumed"/>.</summary>
    public long Release(long consumed, bool priorConsumed)
    {
        long freed = _stream.Release(consumed);
        if (priorConsumed)
        {
            freed += Carried;
            Carried = 0;
        }
        return freed;
    }

    /// <summary>A new view: what is outstanding is carried over.</summary>
    public void NextView() => Carried += _stream.Clear();
}
