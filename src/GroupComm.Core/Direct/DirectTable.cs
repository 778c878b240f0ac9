using System.Collections.Generic;
using GroupComm.Core.Messages;

namespace GroupComm.Core.Direct;

/// <summary>
/// The unicast streams of this node, two per node of the view (itself too): they outlive views and end when the node's
/// identity leaves the view. Frames may be lost, doubled and overtaken (docs/decisions/0007).
/// Source: docs/protocol/queries-and-reads.md, docs/decisions/0018.
/// </summary>
internal sealed class DirectTable
{
    private readonly SortedList<NodeId, DirectPeer> _peers = [];

    public IList<DirectPeer> Peers => _peers.Values;

    /// <summary>Something may have to be sent or handed over in this turn.</summary>
    public bool Dirty { get; set; }

    /// <summary>Unicasts that their receiver has not acknowledged.</summary>
    public int Kept
    {
        get
        {
            int kept = 0;
            foreach (DirectPeer peer in _peers.Values)
                kept += peer.Out.Kept;
            return kept;
        }
    }

    public DirectPeer Of(NodeId node)
    {
        if (!_peers.TryGetValue(node, out DirectPeer? peer))
            _peers.Add(node, peer = new DirectPeer(node));
        return peer;
    }

    public DirectPeer? Find(NodeId node) => _peers.GetValueOrDefault(node);

    /// <summary>A view was installed: streams of nodes that are not in it end.</summary>
    public void Retain(IReadOnlyList<NodeInfo> members)
    {
        for (int i = _peers.Count - 1; i >= 0; i--)
        {
            bool stays = false;
            foreach (NodeInfo member in members)
                stays |= member.Id == _peers.Keys[i];
            if (!stays)
                _peers.RemoveAt(i);
        }
        Dirty = _peers.Count > 0;
    }
}

/// <summary>Both directions with one node.</summary>
internal sealed class DirectPeer(NodeId node)
{
    public NodeId Node { get; } = node;

    public DirectOut Out { get; } = new();

    public DirectIn In { get; } = new();
}
