using System;
using System.Collections.Generic;
using GroupComm.Core.Membership;
using GroupComm.Core.Messages;

namespace GroupComm.Core;

// Without a view: looking for one, and the first one (docs/protocol/identity-and-bootstrap.md).
internal sealed partial class NodeCore
{
    private readonly SortedList<string, long> _lives = new(StringComparer.Ordinal);
    private readonly SortedList<string, long> _retired = new(StringComparer.Ordinal); // per name, the last life that was a member and went
    private readonly SortedList<NodeId, NodeInfo> _peers = [];
    private readonly SortedList<NodeId, long> _replies = [];
    private Ballot _bootstrapPromise;
    private ViewKey _proposedNow;
    private long _boundTo;
    private long _readyFor;
    private long _knownAt = long.MinValue / 2;
    private Known? _known;
    private long _seekAt;
    private long _waitingSaidAt = long.MinValue / 2;

    private void TickSeeking(EffectList effects)
    {
        if (_now - _seekAt >= _options.Times.SeekInterval || _now == _startedAt)
        {
            _seekAt = _now;
            Seek seek = MakeSeek();
            foreach (NodeId peer in _linked)
                effects.Send(peer, seek);
        }
        TryBootstrap(effects);
        if (_now - _waitingSaidAt >= 1000 && _view is not { Key.IsBootstrap: false }) // a cluster of one is there by now
        {
            _waitingSaidAt = _now;
            effects.Add(new Effect(EffectKind.Waiting, default, DescribeWaiting()));
        }
    }

    private Seek MakeSeek()
    {
        var sees = new List<NodeInfo>();
        foreach (Seeker seeker in _joins.Seekers)
            sees.Add(seeker.Info);
        foreach ((NodeId node, long at) in _replies)
            if (_now - at <= _options.Times.Suspicion && _peers.TryGetValue(node, out NodeInfo? info) && !Contains(sees, node))
                sees.Add(info);
        return new Seek(_self, _options.ExpectedNodes, _highestEpoch, sees, _boundTo);
    }

    private void OnSeek(NodeId from, Seek seek, EffectList effects)
    {
        if (seek.Self.Id != from)
            return;
        NoteLife(from);
        NoteGone(seek.Self);
        _highestEpoch = Math.Max(_highestEpoch, seek.HighestEpoch);
        if (_finished || _departed is not null)
            return;
        if (_view is { Key.IsBootstrap: false } view)
        {
            OnSeekAsMember(view, from, seek, effects);
            return;
        }
        if (_lives.TryGetValue(from.Name, out long life) && life > from.Incarnation)
            return;
        _joins.Heard(seek, _now);
        AddPeer(seek.Self, effects);
        foreach (NodeInfo seen in seek.Sees)
            if (seen.Id != _self.Id)
                AddPeer(seen, effects);
        if (_view is null || _view.Key.IsBootstrap)
            TryBootstrap(effects);
    }

    private void OnSeekAsMember(ViewState view, NodeId from, Seek seek, EffectList effects)
    {
        if (view.RankOf(from) >= 0 && !_rules.JoinerAdmittedTwice)
        {
            if (_archive.FindJoin(from) is { } record)
                effects.Send(from, new Decide(record.View, record.OldSize, record.Value, record.Table, record.Lacking([])));
            return;
        }
        if (IsRetired(from))
        {
            effects.Send(from, new JoinRefused(view.Key, JoinRefusal.StaleIncarnation, _retired[from.Name]));
            return;
        }
        foreach (NodeInfo member in view.Members)
            if (member.Id.Name == from.Name && member.Id.Incarnation >= from.Incarnation && member.Id != from)
            {
                effects.Send(from, new JoinRefused(view.Key, JoinRefusal.StaleIncarnation, member.Id.Incarnation));
                return;
            }
        Seeker seeker = _joins.Heard(seek, _now);
        // A member cut off may itself be the old life that the others went on without: only who is primary speaks for the view.
        if ((_primary || _rules.MinorityRefusesNames) && IsNameInUse(view, seeker))
        {
            effects.Send(from, new JoinRefused(view.Key, JoinRefusal.NameInUse, 0));
            _joins.Remove(from);
            return;
        }
        AddPeer(seek.Self, effects);
        if (!_primary)
            return;
        effects.Send(from, new Known(view.Key, view.Members));
        MaybeStart(effects);
    }

    /// <summary>The old life of the name still speaks although the new one has asked for some time.</summary>
    private bool IsNameInUse(ViewState view, Seeker seeker)
    {
        for (int r = 0; r < view.Size; r++)
            if (view.Members[r].Id.Name == seeker.Info.Id.Name
                && (r == view.OwnRank || (!view.Detector.IsSuspected(r) && _now - view.Detector.Silence(r, _now) > seeker.FirstAt + ReplacedAfter)))
                return true;
        return false;
    }

    private void OnKnown(NodeId from, Known known, EffectList effects)
    {
        if (_view is { Key.IsBootstrap: false })
            return;
        _knownAt = _now;
        _known = known;
        bool first = !_replies.ContainsKey(from);
        _replies[from] = _now;
        foreach (NodeInfo member in known.Members)
            AddPeer(member, effects);
        if (first)
            foreach (NodeId peer in _linked)
                effects.Send(peer, MakeSeek()); // who must admit this node waits for this word
        if (_boundTo == 0)
            _view = null;
    }

    private void OnJoinRefused(JoinRefused refused, EffectList effects)
    {
        if (_view is { Key.IsBootstrap: false })
            return;
        End($"not admitted: {refused.Reason}");
        effects.Add(new Effect(EffectKind.JoinRefused, default, refused));
    }

    /// <summary>All expected names are here, see each other, and none is bound to another set.</summary>
    private void TryBootstrap(EffectList effects)
    {
        _readyFor = 0;
        if (_options.ExpectedNodes == 0 || _now - _knownAt <= _options.Times.Suspicion || IsOldLife(_self.Id))
            return; // a later life of its own name founds in its stead
        var founders = new List<NodeInfo> { _self };
        foreach (Seeker seeker in _joins.Seekers)
            if (seeker.Last.Expected > 0 && _now - seeker.HeardAt <= _options.Times.Suspicion && !IsOldLife(seeker.Info.Id))
            {
                if (seeker.Last.Expected != _options.ExpectedNodes)
                    return; // one of the two is wrong about who may found: DescribeWaiting says so
                founders.Add(seeker.Info);
            }
        if (founders.Count != _options.ExpectedNodes && !(_rules.BootstrapWithoutFloor && founders.Count * 2 > _options.ExpectedNodes))
            return;
        founders.Sort(static (a, b) => a.Id.CompareTo(b.Id));
        long tag = Tag(founders);
        foreach (Seeker seeker in _joins.Seekers)
        {
            if (!Contains(founders, seeker.Info.Id))
                continue;
            if (seeker.Last.BoundTo != 0 && seeker.Last.BoundTo != tag)
            {
                if (_boundTo == 0 && _view?.Key.Epoch != seeker.Last.BoundTo)
                    _view = null; // that set goes first
                return;
            }
            foreach (NodeInfo founder in founders)
                if (founder.Id != seeker.Info.Id && !seeker.Sees(founder.Id))
                    return;
        }
        if (_boundTo != 0 && _boundTo != tag)
            return;
        _readyFor = tag;
        if (_view is null || _view.Key.Epoch != tag)
            EnterBootstrap(founders, tag);
        MaybeStart(effects);
    }

    private bool IsBootstrapReady(ViewState view) => view.Key.Epoch == _readyFor;

    private void EnterBootstrap(IReadOnlyList<NodeInfo> founders, long tag)
    {
        _view = new ViewState(new ViewKey(tag, 0), founders, RankOf(founders, _self.Id), [], _options, _now);
        _view.Change.Promised = _bootstrapPromise;
    }

    private void LeaveBootstrap()
    {
        _boundTo = 0;
        _view = null;
    }

    /// <summary>A founder of another set, or of one that this node has not yet seen complete, begins.</summary>
    private void OnBootstrapWedge(NodeId from, Wedge wedge, EffectList effects)
    {
        if (_view is { Key.IsBootstrap: false } member)
        {
            if (_primary)
                effects.Send(from, new Known(member.Key, member.Members));
            return;
        }
        if (wedge.Founders is not { } founders || founders.Count != _options.ExpectedNodes || _boundTo != 0 || !Contains(founders, _self.Id) || Tag(founders) != wedge.View.Epoch)
            return;
        EnterBootstrap(founders, wedge.View.Epoch); // old lives among them do not matter: someone may be bound to this set
        int rank = _view!.RankOf(from);
        if (rank >= 0)
            OnWedge(_view, rank, from, wedge, effects);
    }

    /// <summary>P13: a life that was a member and went never comes back; its old words may still arrive.</summary>
    private bool IsRetired(NodeId node) => _retired.TryGetValue(node.Name, out long last) && last >= node.Incarnation;

    private void Retire(NodeId node)
    {
        if (!IsRetired(node))
            _retired[node.Name] = node.Incarnation;
    }

    /// <summary>Remembers the latest life of a name.</summary>
    private void NoteLife(NodeId node)
    {
        if (_lives.TryGetValue(node.Name, out long known) && known >= node.Incarnation)
            return;
        _lives[node.Name] = node.Incarnation;
    }

    private bool IsOldLife(NodeId node) => _lives.TryGetValue(node.Name, out long life) && life > node.Incarnation;

    /// <summary>Silence after which a life whose successor asks to join is taken to be gone: it has only to speak to keep its name.</summary>
    private long ReplacedAfter => 3L * _options.Times.Heartbeat;

    /// <summary>Whoever speaks from the address of an earlier life of its name is there in its place, unless that one is heard.</summary>
    private void NoteGone(NodeInfo fresh)
    {
        if (_view is not { } view)
            return;
        for (int r = 0; r < view.Size; r++)
        {
            NodeInfo member = view.Members[r];
            if (r != view.OwnRank && member.Id.Name == fresh.Id.Name && member.Id.Incarnation < fresh.Id.Incarnation && member.Address == fresh.Address
                && view.Detector.Silence(r, _now) > ReplacedAfter)
                _gone.Add(member.Id);
        }
    }

    /// <summary>A view of which no quorum can ever answer is lost. A later life is no proof that the one before it is gone: it may be
    /// cut off on another machine, and a quorum with it.</summary>
    private void CheckLives(EffectList effects)
    {
        if (_view is not { } view || _finished)
            return;
        ulong possible = 0;
        for (int r = 0; r < view.Size; r++)
        {
            NodeId member = view.Members[r].Id;
            if (r == view.OwnRank || !IsOldLife(member) || !(_gone.Contains(member) || _rules.LaterLifeIsProof))
                possible |= 1UL << r;
            else
                SuspectRank(view, r, Departure.NewIncarnation, effects);
        }
        if (_view != view || (_isQuorum(possible) && KeepsFloor(view, possible)))
            return;
        if (view.Key.IsBootstrap)
        {
            LeaveBootstrap();
            return;
        }
        End("no quorum of the last view can ever answer");
        effects.Add(EffectKind.GroupLost);
    }

    private void AddPeer(NodeInfo peer, EffectList effects)
    {
        if (peer.Id == _self.Id || _peers.ContainsKey(peer.Id))
            return;
        for (int i = _peers.Count - 1; i >= 0; i--)
            if (_peers.Keys[i].Name == peer.Id.Name && _view?.RankOf(_peers.Keys[i]) is null or < 0) // whether a member is gone must still be found out
                _peers.RemoveAt(i);
        _peers.Add(peer.Id, peer);
        effects.Add(new Effect(EffectKind.Peers, default, new List<NodeInfo>(_peers.Values)));
    }

    private string DescribeWaiting()
    {
        string sees = "";
        int founders = 1;
        foreach (Seeker seeker in _joins.Seekers)
        {
            // Two that expect different numbers never found the same cluster, so this has to be said.
            bool differs = seeker.Last.Expected > 0 && _options.ExpectedNodes > 0 && seeker.Last.Expected != _options.ExpectedNodes;
            sees += $"{(sees.Length > 0 ? ", " : "")}{seeker.Info.Id}{(differs ? $" (expects {seeker.Last.Expected})" : "")}";
            founders += seeker.Last.Expected > 0 ? 1 : 0;
        }
        foreach ((NodeId member, long at) in _replies)
            if (_now - at <= _options.Times.Suspicion)
                sees += $"{(sees.Length > 0 ? ", " : "")}{member} (in a view)";
        if (_known is { } known && _now - _knownAt <= _options.Times.Suspicion)
            return DescribeAdmission(known);
        return $"{(_options.ExpectedNodes == 0 ? "waits for a cluster to join" : $"expects {_options.ExpectedNodes} nodes")}, sees {(sees.Length > 0 ? sees : "none")} and itself{(_options.ExpectedNodes > 0 && founders > _options.ExpectedNodes ? ", more than it expects" : "")}";
    }

    /// <summary>There is a view: which links keep it from admitting this node. An answer of a member proves both directions.</summary>
    private string DescribeAdmission(Known known)
    {
        string failing = "";
        foreach (NodeInfo member in known.Members)
            if (member.Id.Name == _self.Id.Name)
                return $"waits until {member.Id}, an earlier life of its name, has left view {known.View.Id}";
            else if (!_replies.TryGetValue(member.Id, out long at) || _now - at > _options.Times.Suspicion)
                failing += $"{(failing.Length > 0 ? ", " : "")}{_self.Id.Name}-{member.Id.Name}";
        return failing.Length == 0
            ? $"waits to be admitted to view {known.View.Id} of {string.Join(", ", Names(known.Members))}"
            : $"is not admitted to view {known.View.Id} of {string.Join(", ", Names(known.Members))}: each member and this node must reach each other, failing links: {failing}";
    }

    /// <summary>48 bits that name a set of founders.</summary>
    private static long Tag(IReadOnlyList<NodeInfo> founders)
    {
        ulong hash = 14695981039346656037;
        foreach (NodeInfo founder in founders)
            foreach (char c in founder.Id.ToString() + ";")
                hash = (hash ^ c) * 1099511628211;
        return (long)(hash >> 16) | 1;
    }
}
