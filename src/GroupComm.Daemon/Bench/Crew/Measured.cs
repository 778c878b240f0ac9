using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace GroupComm.Daemon.Bench.Crew;

/// <summary>One burst of one system, over all its nodes.</summary>
/// <param name="PerNodePerSecond">Mean over the nodes.</param>
/// <param name="Deliveries">At all nodes together.</param>
/// <param name="CpuMicros">Of all nodes together.</param>
/// <param name="Allocated">Bytes, at all nodes together; null where no managed heap is counted.</param>
/// <param name="Rss">Of the largest process.</param>
/// <param name="Hashes">One per node.</param>
internal sealed record Measured(double PerNodePerSecond, long Deliveries, long CpuMicros, long? Allocated, long Rss, IReadOnlyList<string> Hashes)
{
    /// <summary>How long it took, a mean over the nodes.</summary>
    public double Seconds { get; init; }

    /// <summary>Bytes that all nodes together sent to peers; null where they are not counted.</summary>
    public long? Wire { get; init; }

    public double CpuMicrosPerDelivery => Deliveries == 0 ? 0 : (double)CpuMicros / Deliveries;

    public double? AllocatedPerDelivery => Deliveries == 0 ? 0 : (double?)Allocated / Deliveries;

    /// <summary>Nodes in one process report its usage each: it is counted once.</summary>
    public static Measured Of(IReadOnlyList<string[]> reports, bool oneProcess)
    {
        double rate = reports.Average(each => Number(each[1]) / double.Parse(each[2], CultureInfo.InvariantCulture) * 1000);
        int processes = oneProcess ? 1 : reports.Count;
        return new Measured(
            rate,
            reports.Sum(each => Number(each[1])),
            reports.Take(processes).Sum(each => Number(each[4])),
            reports.Any(each => Number(each[5]) < 0) ? null : reports.Take(processes).Sum(each => Number(each[5])),
            reports.Max(each => Number(each[6])),
            [.. reports.Select(each => each[3])])
        {
            Seconds = reports.Average(each => double.Parse(each[2], CultureInfo.InvariantCulture)) / 1000,
        };
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
