using System.Threading;

namespace GroupComm.Runtime.Delivery;

/// <summary>
/// How much was handled since the core was told. It is told at the start of every turn; a turn only for that is worth it
/// when a good part of a window is waiting, else the next tick does it.
/// </summary>
internal sealed class HandledBytes(long worthATurn)
{
    private long _bytes;

    /// <summary>True: take a turn now.</summary>
    public bool Add(long bytes, bool atOnce) => Interlocked.Add(ref _bytes, bytes) >= worthATurn || atOnce;

    /// <summary>The core is being told.</summary>
    public void Taken() => Volatile.Write(ref _bytes, 0);
}
