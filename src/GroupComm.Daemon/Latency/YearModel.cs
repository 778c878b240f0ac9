using System;
using System.Collections.Generic;

namespace GroupComm.Daemon.Latency;

/// <summary>A number every programmer should know: what it was in 2001, how fast it shrinks, and where that ends. Nanoseconds.</summary>
/// <param name="Name">What is timed.</param>
/// <param name="At2001">J. Dean's and P. Norvig's figure of that time.</param>
/// <param name="HalvesIn">Years to half of it; 0: it does not change.</param>
/// <param name="Floor">It does not go below this.</param>
internal sealed record KnownNumber(string Name, double At2001, double HalvesIn, double Floor)
{
    public double In(int year) => HalvesIn == 0 ? At2001 : Math.Max(Floor, At2001 * Math.Pow(2, (2001 - year) / HalvesIn));
}

/// <summary>The numbers by year: a model, good to a factor of two. Hardware shrinks what is done in one place; light does not.</summary>
internal static class YearModel
{
    public const int First = 2001;
    public const int Last = 2035;

    public static readonly KnownNumber L1 = new("L1 cache reference", 0.5, 6, 0.5);
    public static readonly KnownNumber Branch = new("branch mispredict", 5, 8, 3);
    public static readonly KnownNumber Memory = new("main memory reference", 100, 40, 60);
    public static readonly KnownNumber Compress = new("compress 1 KB", 10_000, 5, 500);
    public static readonly KnownNumber Network = new("send 2 KB over a commodity network", 20_000, 2.5, 20);
    public static readonly KnownNumber MemoryMegabyte = new("read 1 MB from memory", 250_000, 3, 3_000);
    public static readonly KnownNumber SsdMegabyte = new("read 1 MB from SSD", 5_000_000, 2.7, 50_000);
    public static readonly KnownNumber SsdFlush = new("make a write durable on SSD", 300_000, 8, 20_000);
    public static readonly KnownNumber DataCenter = new("round trip in a data center", 500_000, 0, 500_000);
    public static readonly KnownNumber Seek = new("disk seek", 10_000_000, 14, 3_000_000);
    public static readonly KnownNumber DiskMegabyte = new("read 1 MB from disk", 20_000_000, 4, 600_000);
    public static readonly KnownNumber Ocean = new("packet over the ocean and back", 150_000_000, 0, 150_000_000);

    public static IReadOnlyList<KnownNumber> All { get; } =
        [L1, Branch, Memory, Compress, Network, MemoryMegabyte, SsdMegabyte, SsdFlush, DataCenter, Seek, DiskMegabyte, Ocean];
}
