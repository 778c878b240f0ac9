using System;

namespace GroupComm.Containers.Tests.Cluster;

/// <summary>What whoever started this run wants of it.</summary>
internal static class Run
{
    /// <summary>The collection of the tests with much traffic or many nodes: such a cluster is work enough for two cores.</summary>
    public const string OneAtATime = "one cluster at a time";

    /// <summary>The collection of those that mostly wait; one of them runs beside one of the others.</summary>
    public const string Beside = "one light cluster beside it";

    /// <summary>Set by the gate: there has to be an engine, a test that cannot run has failed.</summary>
    public static bool NeedsEngine => Environment.GetEnvironmentVariable("GROUPCOMM_REQUIRE_DOCKER") == "1";

    /// <summary>All scenarios, and the long form of each; else those that fit into ten minutes.</summary>
    public static bool IsLong => Environment.GetEnvironmentVariable("GROUPCOMM_CONTAINERS") == "all";

    /// <summary>The label by which whoever started the run finds what a killed run left behind.</summary>
    public static (string Key, string Value) Label { get; } =
        ("groupcomm.run", Environment.GetEnvironmentVariable("GROUPCOMM_RUN") ?? $"process-{Environment.ProcessId}");

    /// <summary>So often in a long run, else so often.</summary>
    public static int Times(int @short, int @long) => IsLong ? @long : @short;
}
