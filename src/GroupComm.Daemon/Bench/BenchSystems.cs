using System.Collections.Generic;

namespace GroupComm.Daemon.Bench;

/// <summary>What can be measured beside each other.</summary>
internal static class BenchSystems
{
    public const string GroupComm = "groupcomm";

    /// <summary>The limit: the same frames over plain TCP.</summary>
    public const string Raw = "raw";

    /// <summary>The round trip of the minute; not a system of its own.</summary>
    public const string Ping = "ping";

    public static readonly IReadOnlyList<string> Names = [Raw];
}
