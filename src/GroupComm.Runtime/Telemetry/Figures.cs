using System.Threading;

namespace GroupComm.Runtime.Telemetry;

/// <summary>Plain counts that are always kept: one addition per unit or turn, by the core's owner, so that a listener that
/// comes late sees the whole life of the node. Readers may see them at slightly different moments.</summary>
internal sealed class Figures
{
    public readonly long[] Sent = new long[Tags.Orders.Length];
    public readonly long[] Delivered = new long[Tags.Orders.Length];
    public readonly long[] Suspicions = new long[Tags.Suspicions.Length];
    public long BundlesSent;
    public long Turns;
    public long Views;
    public long GroupViews;
    public long Members;

    // Written by reading threads.
    private long _bundlesReceived;

    public long BundlesReceived => Interlocked.Read(ref _bundlesReceived);

    public void AddReceived() => Interlocked.Increment(ref _bundlesReceived);

    // As of the last turn that sampled them: their sources belong to the core's owner.
    public long UnstableBundles;
    public long UnstableBytes;
    public long Queued;
    public long WindowUsed;
}
