namespace GroupComm.Core;

/// <summary>A node's identity and where it is reached. Views are compared by identity only.</summary>
internal sealed record NodeInfo(NodeId Id, string Address);

/// <summary>A node that is not in the next view, and why.</summary>
internal sealed record Departure(NodeId Id, string Reason);
