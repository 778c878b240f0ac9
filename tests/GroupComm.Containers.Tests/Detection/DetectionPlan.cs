using System;
using System.Globalization;
using System.IO;
using GroupComm.Containers.Tests.Cluster;

namespace GroupComm.Containers.Tests.Detection;

/// <summary>What nodes have to bear while nothing is wrong with them.</summary>
internal enum Strain
{
    Idle,
    FullCpu,
    Garbage,
    Loss,
}

/// <summary>How long to measure; <c>dotnet cake --target=Detection --minutes=M</c> sets the variable.</summary>
internal sealed record DetectionPlan(double Minutes)
{
    public static readonly int[] Sizes = [3, 5, 7];
    public static readonly TimeSpan[] Silences = [TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)];

    /// <summary>Nobody asked for tables: as little as shows that it works.</summary>
    public bool IsGlance => Minutes == 0;

    public TimeSpan Limit => TimeSpan.FromMinutes(Minutes);

    /// <summary>Kills, and pauses, of one cluster.</summary>
    public int Ends => IsGlance ? 2 : 6;

    /// <summary>How long a cluster under strain is watched.</summary>
    public TimeSpan Watch => TimeSpan.FromSeconds(IsGlance ? 5 : 25);

    /// <summary>Where a run that was cut off is taken up again.</summary>
    public string State => Path.Combine(Published.Repository, "artifacts", "detection", "totals.json");

    public static DetectionPlan OfEnvironment() =>
        new(double.TryParse(Environment.GetEnvironmentVariable("GROUPCOMM_DETECTION_MINUTES"), CultureInfo.InvariantCulture, out double minutes) ? minutes : 0);

    public static string Name(Strain strain) => strain switch
    {
        Strain.Idle => "idle",
        Strain.FullCpu => "full CPU",
        Strain.Garbage => "GC pressure",
        Strain.Loss => "1 % loss",
        _ => throw new ArgumentOutOfRangeException(nameof(strain)),
    };
}
