using System;
using System.Globalization;
using System.IO;
using GroupComm.Containers.Tests.Cluster;

namespace GroupComm.Containers.Tests.Torture;

/// <summary>How long and with which draws; <c>dotnet cake --target=Torture --minutes=M --seed=S</c> sets the variables.</summary>
internal sealed record TorturePlan(double Minutes, ulong Seed)
{
    /// <summary>How long a cluster is hurt before its traces are judged and dropped: what is judged at once has to fit into memory.</summary>
    public TimeSpan Slice { get; } = TimeSpan.FromSeconds(Read("SLICE", 30));

    /// <summary>Messages a second of each node.</summary>
    public int Rate { get; } = (int)Read("RATE", 400);

    public TimeSpan Limit => TimeSpan.FromMinutes(Minutes);

    /// <summary>Where a run that was cut off is taken up again.</summary>
    public string State => Path.Combine(Published.Repository, "artifacts", "torture", string.Create(CultureInfo.InvariantCulture, $"seed-{Seed}.json"));

    /// <summary>Where the traces of a slice stay that broke a law.</summary>
    public string Evidence(int slice) => Path.Combine(Published.Repository, "artifacts", "torture", string.Create(CultureInfo.InvariantCulture, $"seed-{Seed}-slice-{slice}"));

    /// <summary>A short one when nobody asks for more: it is a test like the others then.</summary>
    public static TorturePlan OfEnvironment() => new(Read("MINUTES", 0.5), (ulong)Read("SEED", 1));

    private static double Read(string name, double otherwise) =>
        double.TryParse(Environment.GetEnvironmentVariable($"GROUPCOMM_TORTURE_{name}"), CultureInfo.InvariantCulture, out double value) ? value : otherwise;
}
