using System;
using System.Collections.Generic;

namespace GroupComm.Daemon.Latency;

/// <summary>A delay of ours, in a data center and over the ocean. Nanoseconds.</summary>
internal sealed record Predicted(string Name, int Hops, double DataCenter, double Ocean);

/// <summary>
/// What our orders take in a year, from their message hops (docs/guarantees.md; a regression test keeps the hops) and that year's
/// numbers. A hop is half a round trip, 2 KB on the wire, and the work at both ends.
/// </summary>
internal static class Prediction
{
    // Work at an end of a hop, in references to memory: system call, frame, tables.
    private const int MemoryReferences = 40;

    public static IReadOnlyList<Predicted> In(int year, int nodes, TimeSpan detection)
    {
        double work = (2 * MemoryReferences * YearModel.Memory.In(year)) + YearModel.Network.In(year);
        double near = (YearModel.DataCenter.In(year) / 2) + work, far = (YearModel.Ocean.In(year) / 2) + work;
        int safe = nodes <= 3 ? 2 : 3;
        double flush = YearModel.SsdFlush.In(year);
        return
        [
            Hops("fifo", 1), Hops("causal", 1), Hops("agreed", 2), Hops("safe", safe), Hops("safe and durable on SSD", safe, flush),
            Hops("view change, after a process is seen to be gone", 5), Hops("view change, after silence", 5, detection.TotalNanoseconds),
        ];

        Predicted Hops(string name, int hops, double more = 0) => new(name, hops, (hops * near) + more, (hops * far) + more);
    }
}
