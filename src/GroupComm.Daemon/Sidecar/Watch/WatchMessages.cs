using System.Collections.Generic;

namespace GroupComm.Daemon.Sidecar.Watch;

/// <summary>Tell me what you delivered. All are asked at one time, for answers of different times cannot be compared.</summary>
[GroupMessage("groupcomm.ask")]
internal sealed record Ask(int Recent);

/// <summary>Come back at once: the round trip is measured by its sender's clock.</summary>
[GroupMessage("groupcomm.ping")]
internal sealed record Ping(long At);

/// <summary>The answer to a <see cref="Ping"/>, with what it held.</summary>
[GroupMessage("groupcomm.pong")]
internal sealed record Pong(long At);

/// <summary>What one node tells one that watches the cluster.</summary>
/// <param name="RoundTrips">Milliseconds to other nodes, by name.</param>
/// <param name="Recent">Its latest deliveries: JSON, <c>{"node","at","recent":[…]}</c>.</param>
[GroupMessage("groupcomm.report")]
internal sealed record Report(Dictionary<string, double> RoundTrips, string Recent);
