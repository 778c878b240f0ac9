namespace GroupComm.Core;

/// <summary>A node's identity, where it is reached, and the highest feature level that it knows. Views are compared by identity only.</summary>
internal sealed record NodeInfo(NodeId Id, string Address, int Level = NodeInfo.LowestLevel)
{
    public const int LowestLevel = 1;
}

/// <summary>A node that is not in the next view, and why.</summary>
internal sealed record Departure(NodeId Id, string Reason)
{
    /// <summary>A later life of the name is here: the one reason after which a node never comes back by itself.</summary>
    public const string NewIncarnation = "new incarnation";

    /// <summary>It asked to leave.</summary>
    public const string Left = "left";
}
