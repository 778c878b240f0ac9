using System;

namespace GroupComm.Wire;

/// <summary>Why a peer is not spoken to.</summary>
internal enum HandshakeRefusal
{
    /// <summary>It is spoken to.</summary>
    None,

    /// <summary>Its first frame is no handshake.</summary>
    Malformed,

    /// <summary>It belongs to another cluster.</summary>
    Cluster,

    /// <summary>The version ranges do not meet.</summary>
    Version,

    /// <summary>Its certificate is another node's.</summary>
    Identity,

    /// <summary>It is this node itself.</summary>
    Self,
}

/// <summary>What two handshakes make of a connection.</summary>
/// <param name="Refusal">Why not, or none.</param>
/// <param name="Text">For people; empty when accepted.</param>
/// <param name="Version">The version that both speak: the highest common one.</param>
internal readonly record struct HandshakeResult(HandshakeRefusal Refusal, string Text, int Version)
{
    public bool Accepted => Refusal == HandshakeRefusal.None;
}

/// <summary>Decides whether a peer may go on. Whether it is who it says it is, TLS decides.</summary>
internal static class HandshakeCheck
{
    public static HandshakeResult Check(Handshake own, ReadOnlySpan<byte> frame, out Handshake? peer) =>
        HandshakeCodec.TryDecode(frame, out peer, out string? error)
            ? Check(own, peer!)
            : new HandshakeResult(HandshakeRefusal.Malformed, $"malformed handshake: {error}", 0);

    /// <param name="own">Of this node.</param>
    /// <param name="peer">Of the other end.</param>
    /// <param name="proved">Whose certificate the peer showed, when it is not that of the node that it says it is (law Q2).</param>
    public static HandshakeResult Check(Handshake own, Handshake peer, string? proved = null)
    {
        if (proved is not null)
            return new(HandshakeRefusal.Identity, $"{peer.Node} of cluster '{peer.Cluster}' shows the certificate of {proved}: give it its own", 0);
        if (!string.Equals(own.Cluster, peer.Cluster, StringComparison.Ordinal))
            return new(HandshakeRefusal.Cluster, $"{peer.Node} belongs to cluster '{peer.Cluster}', this node to '{own.Cluster}'", 0);
        int version = Math.Min(own.MaxVersion, peer.MaxVersion);
        if (version < Math.Max(own.MinVersion, peer.MinVersion))
            return new(
                HandshakeRefusal.Version,
                $"{peer.Node} speaks protocol versions {peer.MinVersion} to {peer.MaxVersion}, this node {own.MinVersion} to {own.MaxVersion}",
                0);
        if (own.Node == peer.Node)
            return new(HandshakeRefusal.Self, $"{peer.Node} is this node itself", 0);
        return new(HandshakeRefusal.None, "", version);
    }
}
