using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace GroupComm.Daemon.Serve;

/// <summary>
/// Gives back what the start and bursts of work left behind, once nothing is done any more: an idle daemon stays small
/// (docs/decisions/0050). A busy one is left alone.
/// </summary>
internal sealed partial class IdleMemory : IDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);

    // Allocated between two looks: what ticks and probes need is a quarter of it.
    private const long Quiet = 512 << 10;

    // Allocated since the last collection: less is not worth one.
    private const long Worth = 2 << 20;

    // Up to so much heap a collection stops the node for a few milliseconds; of more the collector decides, beside the node.
    private const long Small = 32 << 20;

    private readonly Timer _timer;
    private long _allocated;
    private long _collected;

    public IdleMemory() => _timer = new Timer(static self => ((IdleMemory)self!).Look(), this, s_interval, s_interval);

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        long before = _allocated, now = _allocated = GC.GetTotalAllocatedBytes();
        if (now - before > Quiet)
            return;
        if (now - _collected > Worth)
        {
            _collected = now;
            bool small = GC.GetTotalMemory(forceFullCollection: false) < Small;
            GC.Collect(GC.MaxGeneration, small ? GCCollectionMode.Aggressive : GCCollectionMode.Forced, blocking: small, compacting: small);
        }
        if (OperatingSystem.IsLinux())
            Trim();
    }

    /// <summary>C's allocator keeps what is freed, above all by the compiler. To look for it takes a millisecond.</summary>
    private static void Trim()
    {
        try
        {
            _ = TrimHeap(0);
        }
        catch (EntryPointNotFoundException)
        {
            // A C library without it.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int TrimHeap(nuint keep);
}
