using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using GroupComm.Runtime.Turn;
using GroupComm.Transport;

namespace GroupComm.Runtime.Links;

/// <summary>
/// Which connection carries the traffic with each peer (P17). Both ends dial; both keep the connection that the smaller
/// identity dialled, without asking each other. Of two by the same end the newer counts: its owner would not have dialled
/// while the older one worked. A kept connection that has gone silent gives way to any new one.
/// </summary>
internal sealed class LinkTable(long silentAfter)
{
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<NodeId, PeerLink> _current = new();

    public PeerLink? Find(NodeId peer) => _current.GetValueOrDefault(peer);

    public IReadOnlyCollection<PeerLink> All => [.. _current.Values];

    public int Count => _current.Count;

    /// <summary>Whether some peer is linked that is reached at this address.</summary>
    public bool HasAddress(string address) =>
        _current.Any(entry => entry.Value.Dialled == address || entry.Value.Peer!.Address == address);

    /// <summary>After the handshake. False: the link is not needed; <paramref name="loser"/> is whichever has to be closed.</summary>
    public bool TryAdd(PeerLink fresh, out PeerLink? loser)
    {
        lock (_lock)
        {
            NodeId peer = fresh.Peer!.Node;
            loser = _current.GetValueOrDefault(peer);
            if (loser is not null && IsPreferred(loser) && !IsPreferred(fresh) && Clock.Now - loser.LastReceived < silentAfter)
            {
                loser = fresh;
                return false;
            }
            if (loser is not null)
                loser.IsCurrent = false;
            fresh.IsCurrent = true;
            _current[peer] = fresh;
            return true;
        }
    }

    /// <summary>The link is closed or given up; true when it carried the traffic.</summary>
    public bool Remove(PeerLink link)
    {
        lock (_lock)
        {
            link.IsCurrent = false;
            return link.Peer is { } peer && _current.TryRemove(new KeyValuePair<NodeId, PeerLink>(peer.Node, link));
        }
    }

    private static bool IsPreferred(PeerLink link)
    {
        NodeId own = link.Own.Node, peer = link.Peer!.Node;
        return link.Link.Dialled ? own < peer : peer < own;
    }
}
