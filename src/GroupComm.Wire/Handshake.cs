namespace GroupComm.Wire;

/// <summary>The first frame in each direction: who speaks, what it can speak, and for which cluster.</summary>
/// <param name="MinVersion">Lowest protocol version that the sender speaks.</param>
/// <param name="MaxVersion">Highest one.</param>
/// <param name="Cluster">The cluster's name.</param>
/// <param name="Node">The sender.</param>
/// <param name="Address">Where it is dialled.</param>
/// <param name="FeatureLevel">The highest feature level that it knows.</param>
/// <param name="Generation">What its frames on this connection will carry (P17).</param>
/// <param name="Flags">See <see cref="TransferFlag"/>; unknown ones are ignored.</param>
internal sealed record Handshake(
    int MinVersion, int MaxVersion, string Cluster, NodeId Node, string Address, int FeatureLevel, uint Generation, int Flags)
{
    /// <summary>What this build speaks.</summary>
    public const int OldestVersion = 1;
    public const int NewestVersion = 1;

    /// <summary>Of the dialling end: the connection carries one state transfer and nothing else.</summary>
    public const int TransferFlag = 1;

    /// <summary>Whether the sender wants the connection for a state transfer.</summary>
    public bool IsTransfer => (Flags & TransferFlag) != 0;

    /// <summary>A handshake of this build.</summary>
    public static Handshake Of(string cluster, NodeId node, string address, int featureLevel, uint generation, int flags = 0) =>
        new(OldestVersion, NewestVersion, cluster, node, address, featureLevel, generation, flags);
}
