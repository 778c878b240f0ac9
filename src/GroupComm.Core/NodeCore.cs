using System;
using System.Collections.Generic;
using GroupComm.Core.Groups;
using GroupComm.Core.Membership;
using GroupComm.Core.Messages;
using GroupComm.Core.Streams;

namespace GroupComm.Core;

/// <summary>
/// The protocol as a value: inputs come in, state changes, effects are appended. No thread, clock, socket or package.
/// One owner at a time calls it: any number of inputs, then <see cref="EndTurn"/>, then the effects are carried out in
/// order. Times are milliseconds of a monotonic clock. What the application sends comes through the
/// <see cref="SubmitGate"/>, which the core empties at the start of each <see cref="EndTurn"/> and closes at a wedge.
/// </summary>
internal sealed partial class NodeCore
{
    private readonly CoreOptions _options;
    private readonly ProtocolRules _rules;
    private readonly NodeInfo _self;
    private readonly SubmitGate _gate;
    private readonly long _startedAt;
    private readonly DecisionArchive _archive = new();
    private readonly JoinTable _joins = new();
    private readonly List<DecisionRecord> _dropped = [];
    private readonly List<Fill> _fills = [];
    private readonly SortedSet<NodeId> _linked = [];
    private readonly SortedSet<NodeId> _gone = [];
    private readonly List<GroupChange> _changes = [];
    private readonly List<(NodeId From, Message Message)> _early = [];
    private readonly Func<ulong, bool> _isQuorum;
    private GroupTable _table;
    private ViewState? _view;
    private long _now;
    private long _ticked;
    private long _heartbeatAt;
    private long _highestEpoch;
    private ulong _random;
    private bool _primary;
    private bool _dirty; // something happened since the last turn that data may wait for
    private bool _acknowledged; // an acknowledgement brought news since the last turn
    private bool _leaving;
    private long _leavingSince;
    private bool _finished;

    public NodeCore(CoreOptions options, SubmitGate gate, long now)
    {
        (_options, _gate, _rules, _self) = (options, gate, options.Rules, options.Self);
        (_now, _startedAt, _ticked) = (now, now, now);
        _random = options.Seed * 0x9E3779B97F4A7C15 + 1;
        _isQuorum = members => Quorum.Holds(members, _view!.Size, _rules);
        _table = new GroupTable(_rules);
        _seekAt = now;
        _reads = new Stability.ReadTable(_rules.ReadOnOwnWord, _rules.ReadWithoutVectors, _rules.ReadEndsAtInstall);
        _highestEpoch = options.HighestEpoch;
        if (options.Returns)
            _knownAt = now;
        NoteLife(_self.Id);
    }

    /// <summary>It asked to leave the cluster.</summary>
    public bool IsLeaving => _leaving;

    /// <summary>The highest epoch heard of.</summary>
    public long HighestEpoch => _highestEpoch;

    /// <summary>In a view and hearing a quorum of it.</summary>
    public bool IsPrimary => _primary;

    public bool IsWedged => _view is { Change.Wedged: true };

    /// <summary>Bundles kept for others or for later; 0 after quiet (law LV-8).</summary>
    public int RetainedBundles
    {
        get
        {
            int count = _early.Count + _archive.Count;
            if (_view is not null)
                foreach (InStream stream in _view.Streams)
                    count += stream.Log.Count;
            return count;
        }
    }

    /// <summary>A decoded message of <paramref name="from"/>. The core takes over one reference to each bundle's block.</summary>
    public void Receive(NodeId from, Message message, long now, EffectList effects)
    {
        _now = now;
        if (_finished)
            return;
        if (_gone.Count > 0)
            _gone.Remove(from);
        if (message.View.Epoch > _highestEpoch && message.View.Id > 0)
            _highestEpoch = message.View.Epoch;
        if (_departed is not null)
        {
            ReceiveDeparted(from, message, effects);
            return;
        }
        if (_view is { } view)
        {
            int rank = view.RankOf(from);
            if (rank >= 0 && view.Detector.Heard(rank, now))
            {
                _newsAt = now; // what others said of it is older
                MaybeStart(effects);
            }
            if (message is Messages.Direct or DirectAck)
            {
                OnDirect(from, message, effects);
                return;
            }
            if (message.View == view.Key)
            {
                if (rank >= 0)
                    ReceiveOfView(view, rank, from, message, effects);
                else
                    ReceiveOfStranger(view, from, message, effects);
                return;
            }
        }
        ReceiveOfOtherView(from, message, effects);
    }

    private void ReceiveOfView(ViewState view, int rank, NodeId from, Message message, EffectList effects)
    {
        if (_archive.Count > 0)
            _archive.Confirm(from, view.Key, _dropped);
        switch (message)
        {
            case Bundle bundle:
                OnBundle(view, rank, bundle, effects);
                break;
            case Orders orders:
                OnOrders(view, rank, orders);
                break;
            case Ack ack:
                OnAck(view, rank, ack);
                break;
            case Heartbeat heartbeat:
                OnHeartbeat(view, rank, heartbeat, effects);
                break;
            case Resume resume:
                OnResume(view, from, resume, effects);
                break;
            case Wedge wedge:
                OnWedge(view, rank, from, wedge, effects);
                break;
            case Wedged wedged:
                OnWedged(view, rank, wedged, effects);
                break;
            case Refused refused:
                OnRefused(view, refused);
                break;
            case Pull pull:
                OnPull(view, from, pull, effects);
                break;
            case Bodies bodies:
                OnBodies(view, bodies, effects);
                break;
            case Propose propose:
                OnPropose(view, rank, from, propose, effects);
                break;
            case Accepted accepted:
                OnAccepted(view, rank, accepted, effects);
                break;
            case Decide decide:
                OnDecide(view, from, decide, effects);
                break;
            case Leave:
                view.Leaving |= 1UL << rank;
                MaybeStart(effects);
                break;
            case Probe probe:
                effects.Send(from, new ProbeReply(view.Key, probe.Nonce));
                break;
            case ProbeReply reply:
                OnProbeReply(view, rank, reply, effects);
                break;
            case Help or Notice or Known or Gone or JoinRefused or Seek or Messages.Direct or DirectAck:
                break; // nothing to say between members of one view
            default:
                throw new InvalidOperationException($"unknown message {message.Kind}");
        }
    }

    /// <summary>A link to <paramref name="peer"/> stands (again): both ends tell each other what they have.</summary>
    public void LinkUp(NodeId peer, long now, EffectList effects)
    {
        _now = now;
        _linked.Add(peer);
        _gone.Remove(peer);
        if (_finished || _departed is not null)
            return;
        NoteLife(peer);
        CheckLives(effects);
        if (_finished)
            return;
        if (_view is not { Key.IsBootstrap: false } view)
        {
            effects.Send(peer, MakeSeek());
            return;
        }
        int rank = view.RankOf(peer);
        if (rank < 0)
            return;
        view.Detector.Heard(rank, now);
        effects.Send(peer, MakeHeartbeat(view));
        if (_direct.Find(peer) is { } direct)
            SendDirectAgain(direct);
        if (view.Change.Wedged)
            return;
        effects.Send(peer, MakeAck(view));
        effects.Send(peer, new Resume(view.Key, view.Streams[rank].Received + 1, rank == 0 ? view.Orders.End + 1 : 0));
    }

    /// <summary>The link to <paramref name="peer"/> broke. <paramref name="gone"/>: the redial was refused, the process is gone.</summary>
    public void LinkDown(NodeId peer, bool gone, string reason, long now, EffectList effects)
    {
        _now = now;
        _linked.Remove(peer);
        if (_finished || !gone)
            return;
        _gone.Add(peer);
        _joins.Remove(peer);
        _archive.ForgetLeaver(peer, _dropped);
        if (_departed is not null)
            DepartedLost(peer, effects);
        else if (_view is { } view && view.RankOf(peer) is >= 0 and int rank)
            SuspectRank(view, rank, reason, effects);
    }

    /// <summary>Suspects a member of the view, as a false or foreign detector would.</summary>
    public void Suspect(NodeId peer, string reason, long now, EffectList effects)
    {
        _now = now;
        if (!_finished && _view is { } view && view.RankOf(peer) is >= 0 and int rank)
            SuspectRank(view, rank, reason, effects);
    }

    /// <summary>Asks to leave the cluster.</summary>
    public void LeaveCluster(long now, EffectList effects)
    {
        _now = now;
        if (_finished || _leaving)
            return;
        _leaving = true;
        _leavingSince = now;
        if (_view is not { Key.IsBootstrap: false } view)
        {
            _finished = true;
            _gate.End("the node left");
            effects.Add(EffectKind.Left);
            effects.Add(EffectKind.Finished);
            return;
        }
        view.Leaving |= 1UL << view.OwnRank;
        effects.Broadcast(new Leave(view.Key));
        MaybeStart(effects);
    }

    /// <summary>A member on this node joins or leaves a group. Kept until the node is in a view.</summary>
    public void ChangeGroup(GroupChange change, EffectList effects)
    {
        _dirty = true;
        if (!_finished)
            _changes.Add(change);
    }

    /// <summary>Takes back what was asked for a member and is not under way yet; true when there was something.</summary>
    public bool Withdraw(int slot) => _changes.RemoveAll(change => change.Slot == slot) > 0;

    /// <summary>Where the core stands, in one line, for people.</summary>
    public string Describe()
    {
        if (_finished)
            return "finished";
        if (_view is not { } view)
            return $"seeking; bound to {_boundTo:x}; {DescribeWaiting()}";
        string proposer = view.Change.Proposer is { } p ? $"ballot {p.Ballot} answered {p.Answered:b} accepted {p.AcceptedBy:b}" : "no ballot";
        return $"view {view.Key} [{string.Join(" ", Names(view.Members))}] rank {view.OwnRank} hears {view.Detector.Hears & view.Detector.All:b} best {view.Detector.Best(_isQuorum, _now):b}"
            + $"{(view.Change.Wedged ? " wedged" : "")} promised {view.Change.Promised}, {proposer}, leaving {view.Leaving:b}, bound to {_boundTo:x}";
    }

    private ulong NextRandom(int below)
    {
        _random ^= _random << 13;
        _random ^= _random >> 7;
        _random ^= _random << 17;
        return _random % (ulong)Math.Max(1, below);
    }
}
