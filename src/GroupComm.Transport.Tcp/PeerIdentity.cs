using System;

namespace GroupComm.Transport;

/// <summary>Who a certificate says its owner is: <c>groupcomm://CLUSTER/NODE</c>, compared letter by letter. The node <c>*</c>
/// stands for every node of the cluster (law Q2).</summary>
internal readonly record struct PeerIdentity(string Cluster, string Node)
{
    public const string Scheme = "groupcomm://";
    public const string AnyNode = "*";

    public bool IsAnyNode => Node == AnyNode;

    /// <summary>Whether the owner may speak as that node.</summary>
    public bool Covers(string cluster, string node) => Cluster == cluster && (IsAnyNode || Node == node);

    public static bool TryParse(string uri, out PeerIdentity identity)
    {
        identity = default;
        if (!uri.StartsWith(Scheme, StringComparison.Ordinal))
            return false;
        string[] parts = uri[Scheme.Length..].Split('/');
        if (parts.Length != 2 || !NodeId.IsValidName(parts[0]) || !(parts[1] == AnyNode || NodeId.IsValidName(parts[1])))
            return false;
        identity = new PeerIdentity(parts[0], parts[1]);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Scheme}{Cluster}/{Node}";
}
