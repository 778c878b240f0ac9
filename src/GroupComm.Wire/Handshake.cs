namespace GroupComm.Wire;

/// <summary>The first frame in each direction: who speaks, what it can speak, and for which cluster.</summary>
/// <param name="MinVersion">Lowest protocol version that the sender speaks.</param>
/// <param name="MaxVersion">Highest one.</param>
/// <param name="Cluster">The cluster's name.</param>
/// <param name="Node">The sender.</param>
/// <param name="Address">Where it is dialled.</param>
/// <param name="FeatureLevel">The highest feature level that it knows.</param>
/// <param name="Generation">What its frames on this connection will carry (P17).</param>
/// <param name="Flags">None in version 1; unknown ones are ignored.</param>
internal sealed record Handshake(
    int MinVersion, int MaxVersion, string Cluster, NodeId Node, string Address, int FeatureLevel, uint Generation, int Flags)
{
    /// <summary>What this build speaks.</summary>
    public const int OldestVersion = 1;
    public const int NewestVersion = 1;

    /// <summary>A handshake of this build.</summary>
    public static Handshake Of(string cluster, NodeId node, string address, int featureLevel, uint generation) =>
        new(OldestVersion, NewestVersion, cluster, node, address, featureLevel, generation, 0);
}
