using System.Collections.Generic;
using GroupComm.Core.Messages;

namespace GroupComm.Core.Membership;

/// <summary>A node that seeks: its last word, and when it came.</summary>
internal sealed class Seeker(Seek seek, long now)
{
    public Seek Last { get; set; } = seek;

    public long HeardAt { get; set; } = now;

    public long FirstAt { get; } = now;

    public NodeInfo Info => Last.Self;

    public bool Sees(NodeId node)
    {
        foreach (NodeInfo seen in Last.Sees)
            if (seen.Id == node)
                return true;
        return false;
    }
}

/// <summary>Nodes without a view that were heard lately, by identity.</summary>
internal sealed class JoinTable
{
    private readonly SortedList<NodeId, Seeker> _seekers = [];

    public IList<Seeker> Seekers => _seekers.Values;

    public Seeker Heard(Seek seek, long now)
    {
        if (_seekers.TryGetValue(seek.Self.Id, out Seeker? seeker))
            (seeker.Last, seeker.HeardAt) = (seek, now);
        else
            _seekers.Add(seek.Self.Id, seeker = new Seeker(seek, now));
        return seeker;
    }

    public void Remove(NodeId node) => _seekers.Remove(node);

    /// <summary>Drops those that were silent for longer than <paramref name="limit"/>.</summary>
    public void Expire(long now, long limit)
    {
        for (int i = _seekers.Count - 1; i >= 0; i--)
            if (now - _seekers.Values[i].HeardAt > limit)
                _seekers.RemoveAt(i);
    }
}
