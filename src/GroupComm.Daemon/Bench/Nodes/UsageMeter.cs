using System;
using System.Globalization;

namespace GroupComm.Daemon.Bench.Nodes;

/// <summary>What this process used since the begin: processor time, and bytes allocated on the managed heap.</summary>
internal sealed class UsageMeter
{
    private readonly TimeSpan _cpu = Environment.CpuUsage.TotalTime;
    private readonly long _allocated = GC.GetTotalAllocatedBytes();

    public static UsageMeter Begin() => new();

    /// <summary>Processor µs, bytes allocated, resident bytes.</summary>
    public string[] Report() =>
    [
        ((long)(Environment.CpuUsage.TotalTime - _cpu).TotalMicroseconds).ToString(CultureInfo.InvariantCulture),
        (GC.GetTotalAllocatedBytes() - _allocated).ToString(CultureInfo.InvariantCulture),
        Environment.WorkingSet.ToString(CultureInfo.InvariantCulture),
    ];
}
