using System;
using System.Globalization;
using GroupComm.Core.Messages;

namespace GroupComm.Core;

// Time: heartbeats, silence, the own pause, and everything that is repeated until answered.
internal sealed partial class NodeCore
{
    private long _probeNonce;
    private long _probedAt;
    private ulong _probeAnswers;
    private bool _unconfirmed;
    private string _pauseReason = "";
    private long _newsAt = long.MinValue / 2; // when somebody was last found silent, or was heard again

    /// <summary>Time has passed; wanted every <see cref="CoreTimes.Tick"/>.</summary>
    public void Tick(long now, EffectList effects)
    {
        long gap = now - _ticked;
        _now = now;
        _ticked = now;
        _dirty = true;
        if (_finished)
            return;
        if (_departed is not null)
        {
            TickDeparted(effects);
            return;
        }
        if (_leaving && now - _leavingSince > _options.Times.Leave)
        {
            End("left without an answer of the others");
            effects.Add(EffectKind.Left);
            effects.Add(EffectKind.Finished);
            return;
        }
        _joins.Expire(now, _options.Times.Suspicion);
        _archive.Expire(now, _dropped);
        if (gap > _options.Times.Suspicion / 2)
            OnOwnPause(gap, effects);
        if (_view is not { Key.IsBootstrap: false })
            TickSeeking(effects);
        if (_view is not { } view || _finished)
            return;
        SuspectSilent(view, effects);
        if (!view.Key.IsBootstrap)
        {
            if (now - _heartbeatAt >= _options.Times.Heartbeat)
                SendHeartbeat(view, effects);
            UpdatePrimary(view, effects);
        }
        RepeatChange(view, effects);
        MaybeStart(effects);
    }

    private void SendHeartbeat(ViewState view, EffectList effects)
    {
        _heartbeatAt = _now;
        effects.Broadcast(MakeHeartbeat(view));
        if (!_primary)
            AskStrangers(view, effects);
        TickDirect(view, effects);
        if (view.Change.Wedged)
            return;
        if (view.Ack.Repeats-- > -16 && view.Ack.Repeats != -15)
        {
            if (view.Ack.Repeats >= 0)
                effects.Broadcast(MakeAck(view));
            return;
        }
        view.Ack.Repeats = 0; // idle: once in a while, in case the last ones were lost
        effects.Broadcast(MakeAck(view));
    }

    /// <summary>P14: who hears no quorum asks whoever else it has links with what followed its view. All of it may be gone, and a
    /// later life at the address of one of them know more; nobody else would tell.</summary>
    private void AskStrangers(ViewState view, EffectList effects)
    {
        foreach (NodeId peer in _linked)
            if (view.RankOf(peer) < 0)
                effects.Send(peer, new Help(view.Key, view.ReceivedVector()));
    }

    private Heartbeat MakeHeartbeat(ViewState view) =>
        new(view.Key, view.Own.Received, view.Orders.End, view.Detector.Hears & view.Detector.All, _leaving);

    private void OnHeartbeat(ViewState view, int rank, Heartbeat heartbeat, EffectList effects)
    {
        view.Detector.SetRow(rank, heartbeat.Hears, _now);
        view.Detector.Beat(rank, _now);
        if (heartbeat.Leaving)
            view.Leaving |= 1UL << rank;
        if (!view.Change.Wedged)
        {
            if (heartbeat.Sent > view.Streams[rank].Received)
                view.ResumeWanted[rank] = true;
            if (rank == 0 && heartbeat.Ordered > view.Orders.End)
                view.OrdersWanted = true;
        }
        if (heartbeat.Leaving || (heartbeat.Hears & view.Detector.All) != view.Detector.All)
            MaybeStart(effects);
    }

    private void SuspectSilent(ViewState view, EffectList effects)
    {
        // All of them first: P2 asks who was heard within the suspicion time, not who was looked at so far.
        bool any = false;
        for (int r = 0; r < view.Size; r++)
        {
            bool replaced = IsOldLife(view.Members[r].Id);
            long silence = view.Detector.Silence(r, _now);
            long limit = replaced ? ReplacedAfter : view.Detector.Limit(r, _options.Times.SuspicionFloor, _options.Times.Suspicion);
            if (r == view.OwnRank || view.Detector.IsSuspected(r) || silence <= limit)
                continue;
            if (!replaced)
                _newsAt = _now;
            any |= NoteSuspicion(
                view, r, replaced ? Departure.NewIncarnation : string.Create(CultureInfo.InvariantCulture, $"silent {silence / 1000.0:0.0} s"), effects, silent: !replaced);
        }
        if (any)
            OnSuspicion(view, effects);
    }

    private void SuspectRank(ViewState view, int rank, string reason, EffectList effects)
    {
        if (NoteSuspicion(view, rank, reason, effects))
            OnSuspicion(view, effects);
    }

    private static bool NoteSuspicion(ViewState view, int rank, string reason, EffectList effects, bool silent = false)
    {
        if (!view.Detector.Suspect(rank, reason, silent))
            return false;
        effects.Add(new Effect(EffectKind.Suspected, view.Members[rank].Id, reason, rank));
        return true;
    }

    private void OnSuspicion(ViewState view, EffectList effects)
    {
        if (!view.Key.IsBootstrap)
        {
            effects.Broadcast(MakeHeartbeat(view));
            UpdatePrimary(view, effects);
        }
        MaybeStart(effects);
    }

    /// <summary>P2: without a quorum the node says <c>not primary</c>, refuses sends, and does not wedge.</summary>
    private void UpdatePrimary(ViewState view, EffectList effects)
    {
        ulong best = HearsQuorum(view) ? view.Detector.Best(_isQuorum, _now) : 0;
        bool quorum = best != 0 && KeepsFloor(view, best);
        bool primary = quorum && !_unconfirmed;
        if (primary == _primary)
            return;
        _primary = primary;
        if (primary)
        {
            _gate.SetPrimary(true, "");
            effects.Add(EffectKind.PrimaryRegained);
            return;
        }
        string reason = quorum ? _pauseReason : Unheard(view);
        _gate.SetPrimary(_rules.TokenFromNonPrimary, reason);
        effects.Add(new Effect(EffectKind.PrimaryLost, default, reason));
        RefuseReads(reason, effects);
    }

    private static string Unheard(ViewState view)
    {
        string who = "";
        for (int r = 0; r < view.Size; r++)
            if (view.Detector.Reason(r) is string reason)
                who += $"{(who.Length > 0 ? ", " : "")}{view.Members[r].Id} ({reason})";
        string links = FailingLinks(view);
        return who.Length > 0
            ? $"no quorum with a founder, nothing heard of {who}{(links.Length > 0 ? $"; failing links: {links}" : "")}"
            : $"no quorum of members hear each other, failing links: {links}";
    }

    /// <summary>Links between others, and to those who say that they do not hear this node: what the own suspicions do not say.</summary>
    private static string FailingLinks(ViewState view)
    {
        const int Named = 8;
        string links = "";
        int count = 0;
        for (int a = 0; a < view.Size; a++)
            for (int b = a + 1; b < view.Size; b++)
                if (!view.Detector.IsSuspected(a) && !view.Detector.IsSuspected(b) && view.Detector.IsBroken(a, b) && ++count <= Named)
                    links += $"{(links.Length > 0 ? ", " : "")}{view.Members[a].Id.Name}-{view.Members[b].Id.Name}";
        return count > Named ? $"{links} and {count - Named} more" : links;
    }

    /// <summary>P18: after an own pause the readings are renewed and sends wait until a quorum confirms the view.</summary>
    private void OnOwnPause(long gap, EffectList effects)
    {
        if (_view is not { } view)
            return;
        view.Detector.Renew(_now);
        if (view.Key.IsBootstrap)
            return;
        _unconfirmed = true;
        _pauseReason = string.Create(CultureInfo.InvariantCulture, $"this process stood still for {gap / 1000.0:0.0} s and waits for a quorum to confirm its view");
        _probeNonce++;
        _probedAt = _now;
        _probeAnswers = 1UL << view.OwnRank;
        effects.Broadcast(new Probe(view.Key, _probeNonce));
        ConfirmPause(view, effects);
    }

    private void OnProbeReply(ViewState view, int rank, ProbeReply reply, EffectList effects)
    {
        if (reply.Nonce != _probeNonce)
            return;
        _probeAnswers |= 1UL << rank;
        ConfirmPause(view, effects);
    }

    private void ConfirmPause(ViewState view, EffectList effects)
    {
        if (_isQuorum(_probeAnswers))
            _unconfirmed = false;
        UpdatePrimary(view, effects);
    }

    /// <summary>Every step of a change is repeated until it is answered.</summary>
    private void RepeatChange(ViewState view, EffectList effects)
    {
        if (_unconfirmed && _now - _probedAt >= _options.Times.Tick)
            effects.Broadcast(new Probe(view.Key, _probeNonce));
        if (view.Change.Decided is not null && _now - view.Change.HelpAskedAt >= _options.Times.Tick)
            AskHelp(view.Members[0].Id == _self.Id ? view.Change.PendingFrom : view.Members[0].Id, effects);
        if (view.Change.Proposer is not { } proposer)
            return;
        for (int r = 0; r < view.Size; r++)
        {
            if (r == view.OwnRank || _now - proposer.SentAt[r] < _options.Times.Tick)
                continue;
            // A founder may have left this set for another one in the meantime: the wedge brings it back.
            if (proposer.Answers[r] is null || (view.Key.IsBootstrap && (proposer.AcceptedBy >> r & 1) == 0))
                effects.Send(view.Members[r].Id, new Wedge(view.Key, proposer.Ballot, view.Key.IsBootstrap ? view.Members : null));
            if (proposer.Answers[r] is null)
                proposer.SentAt[r] = _now;
            else if (proposer.Value is { } value && (proposer.AcceptedBy >> r & 1) == 0)
                SendProposal(view, proposer, r, value, effects);
        }
    }

    /// <summary>P14: asks what followed the own view, at most once a tick.</summary>
    private void AskHelp(NodeId whom, EffectList effects)
    {
        if (_view is not { Key.IsBootstrap: false } view)
        {
            effects.Send(whom, new Help(default, []));
            return;
        }
        if (_now - view.Change.HelpAskedAt < _options.Times.Tick / 4 || whom == default)
            return;
        view.Change.HelpAskedAt = _now;
        effects.Send(whom, new Help(view.Key, view.ReceivedVector()));
    }
}
