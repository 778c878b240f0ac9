using System.Collections.Generic;
using System.Threading;

namespace GroupComm.Runtime.Discovery;

/// <summary>Where the nodes of the cluster may be found, as it changes.</summary>
internal interface IGroupCommDiscovery
{
    /// <summary>What is asked, for people.</summary>
    string Source { get; }

    /// <summary>Finds until cancelled; each finding replaces the one before.</summary>
    IAsyncEnumerable<Finding> WatchAsync(CancellationToken ct);
}

/// <summary>What one look-up found.</summary>
/// <param name="Endpoints">Addresses to dial; this node's own may be among them.</param>
/// <param name="Failure">Why nothing new was found, for people; empty when it was.</param>
internal sealed record Finding(IReadOnlyList<string> Endpoints, string Failure = "");
