using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;

namespace GroupComm.Daemon.Bench;

/// <summary>Where a figure was measured; it means little elsewhere.</summary>
internal sealed record Machine(string Os, string Processor, int Cores, string Runtime, string Version, string Date, double Load)
{
    public static Machine This() => new(
        RuntimeInformation.OSDescription,
        NameOfProcessor(),
        Environment.ProcessorCount,
        RuntimeInformation.FrameworkDescription,
        typeof(Machine).Assembly.GetName().Version?.ToString(3) ?? "0",
        DateTimeOffset.UtcNow.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture),
        LoadNow());

    /// <summary>How busy the machine was before: above 0.5 the figures are those of a busy machine.</summary>
    public bool IsBusy => Load > 0.5;

    private static string NameOfProcessor() => Read("/proc/cpuinfo")
        .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();

    private static double LoadNow() => double.TryParse(
        Read("/proc/loadavg").FirstOrDefault()?.Split(' ')[0], NumberStyles.Float, CultureInfo.InvariantCulture, out double load) ? load / Environment.ProcessorCount : 0;

    private static string[] Read(string path) => File.Exists(path) ? File.ReadAllLines(path) : [];
}
