using System.Threading;

namespace GroupComm.Transport;

/// <summary>What a transport did since it was made. Plain longs; readers may see them at slightly different moments.</summary>
internal sealed class TransportCounters
{
    private readonly long[] _closed = new long[CloseReason.KindCount];
    private long _opened;
    private long _bytesIn;
    private long _bytesOut;

    /// <summary>Links that the sink heard of.</summary>
    public long Opened => Interlocked.Read(ref _opened);

    /// <summary>Bytes received, prefixes included.</summary>
    public long BytesIn => Interlocked.Read(ref _bytesIn);

    /// <summary>Bytes that the operating system took, prefixes included.</summary>
    public long BytesOut => Interlocked.Read(ref _bytesOut);

    /// <summary>Connections ended for this reason, those refused before they were opened included.</summary>
    public long Closed(CloseKind kind) => Interlocked.Read(ref _closed[(int)kind]);

    internal void AddOpened() => Interlocked.Increment(ref _opened);

    internal void AddIn(long bytes) => Interlocked.Add(ref _bytesIn, bytes);

    internal void AddOut(long bytes) => Interlocked.Add(ref _bytesOut, bytes);

    internal void AddClosed(CloseKind kind) => Interlocked.Increment(ref _closed[(int)kind]);
}
