using System;
using System.Collections.Generic;
using System.Numerics;
using GroupComm.Core.Flush;
using GroupComm.Core.Messages;
using GroupComm.Core.Streams;

namespace GroupComm.Core;

// One consensus per view change: rules P1 to P11 of docs/protocol/view-change.md.
internal sealed partial class NodeCore
{
    /// <summary>P2: whether a change is wanted, and whether this node is the one to begin it.</summary>
    private void MaybeStart(EffectList effects)
    {
        if (_view is not { } view || _finished || _departed is not null)
            return;
        if (view.Change.Proposer is not null)
        {
            Gather(view, effects);
            return;
        }
        ulong best = _rules.DeafNodeWedges ? view.Detector.All : view.Detector.Best(_isQuorum, _now);
        ChangeState change = view.Change;
        if (!IsChangeNeeded(view, best))
        {
            change.NeededSince = -1;
            return;
        }
        if (change.NeededSince < 0)
            change.NeededSince = _now;
        if ((best >> view.OwnRank & 1) == 0 || MustWait(view, best) || !IsSettled(view, best) || IsOutside(view))
            return;
        // Suspicions come with the ticks; here the time itself counts, else a node that is cut off wedges between two ticks.
        if (!_isQuorum(view.Detector.Hears & view.Detector.HeardWithin(_options.Times.Suspicion, _now)) && !_rules.DeafNodeWedges)
            return;
        bool lowest = BitOperations.TrailingZeroCount(best) == view.OwnRank;
        long patience = _options.Times.Suspicion / 2 + (long)view.OwnRank * _options.Times.Heartbeat;
        if (lowest || _now - change.NeededSince > patience)
            StartBallot(view, effects);
    }

    /// <summary>After a refusal, or while the owner of a higher ballot is at work: some time, but not longer than it is in the best
    /// set. One outside proposes nothing any more.</summary>
    private bool MustWait(ViewState view, ulong best) =>
        _now < view.Change.NotBefore && (view.Change.Promised.Rank == view.OwnRank || (best >> view.Change.Promised.Rank & 1) != 0);

    /// <summary>What one member notices now, others notice within a heartbeat or two: a set that is chosen before they have spoken
    /// may fall apart at once (a ring of majorities). Bounded, so that a link that comes and goes holds nothing up.</summary>
    private bool IsSettled(ViewState view, ulong best)
    {
        bool late = view.Key.IsBootstrap || _now - view.Change.NeededSince > _options.Times.Suspicion;
        return late || ((view.Change.Wedged || _now - _newsAt >= 2L * _options.Times.Heartbeat) && !view.Detector.IsDoubted(best));
    }

    private bool HearsQuorum(ViewState view) => _isQuorum(view.Detector.Hears & view.Detector.All);

    private bool IsChangeNeeded(ViewState view, ulong best)
    {
        if (view.Key.IsBootstrap)
            return _boundTo == view.Key.Epoch || IsBootstrapReady(view);
        if (view.Change.Wedged)
            return true;
        return best != 0 && KeepsFloor(view, best) && (Stayers(view, best) != view.Detector.All || AdmissibleJoiner(view, best) is not null);
    }

    private void StartBallot(ViewState view, EffectList effects)
    {
        ChangeState change = view.Change;
        var ballot = new Ballot(Math.Max(change.Promised.Round, change.RoundSeen) + 1, _rules.BareBallotNumbers ? 0 : view.OwnRank);
        change.NeededSince = _now;
        change.Proposer = new Proposer(ballot, view.Size);
        Array.Fill(change.Proposer.SentAt, _now);
        Promise(view, ballot, effects);
        change.Proposer.Answers[view.OwnRank] = Answer(view, ballot);
        change.Proposer.Answered |= 1UL << view.OwnRank;
        SendAll(view, new Wedge(view.Key, ballot, view.Key.IsBootstrap ? view.Members : null), effects);
        Gather(view, effects);
    }

    /// <summary>P3: promises the ballot and wedges the view; messages that have a sequence go out before it.</summary>
    private void Promise(ViewState view, Ballot ballot, EffectList effects)
    {
        ChangeState change = view.Change;
        if (ballot > change.Promised)
            change.Promised = ballot;
        if (view.Key.IsBootstrap)
            _bootstrapPromise = change.Promised;
        if (change.Wedged || (_rules.AcceptWithoutWedging && ballot.Rank != view.OwnRank && !view.Key.IsBootstrap))
            return;
        if (!view.Key.IsBootstrap)
        {
            _fills.Clear();
            if (!_rules.SendAfterWedge)
                _gate.CloseView(_fills);
            SealFills(view, effects);
            effects.Add(EffectKind.Wedged);
        }
        change.Wedged = true;
    }

    private static Wedged Answer(ViewState view, Ballot ballot) =>
        new(view.Key, ballot, view.Change.AcceptedBallot, view.Change.Accepted, view.ReceivedVector(), view.Orders.Base, [.. view.Orders.Runs],
            view.Detector.Hears & view.Detector.All, (view.Leaving >> view.OwnRank & 1) != 0);

    private void OnWedge(ViewState view, int rank, NodeId from, Wedge wedge, EffectList effects)
    {
        ChangeState change = view.Change;
        if (wedge.Ballot < change.Promised || (wedge.Ballot == change.Promised && wedge.Ballot.Rank != rank && !_rules.BareBallotNumbers))
        {
            effects.Send(from, new Refused(view.Key, wedge.Ballot, change.Promised));
            return;
        }
        if (wedge.Ballot > change.Promised)
            Yield(change);
        Promise(view, wedge.Ballot, effects);
        effects.Send(from, Answer(view, wedge.Ballot));
    }

    /// <summary>Outbid: the other ballot gets its time.</summary>
    private void Yield(ChangeState change)
    {
        change.Proposer = null;
        change.NotBefore = _now + _options.Times.Heartbeat + (long)NextRandom(_options.Times.Heartbeat);
    }

    private void OnRefused(ViewState view, Refused refused)
    {
        ChangeState change = view.Change;
        if (change.Proposer?.Ballot != refused.Ballot)
            return;
        change.Proposer = null;
        change.RoundSeen = Math.Max(change.RoundSeen, refused.Promise.Round);
        change.NotBefore = _now + (long)NextRandom(_options.Times.Heartbeat);
    }

    private void OnWedged(ViewState view, int rank, Wedged wedged, EffectList effects)
    {
        Proposer? proposer = view.Change.Proposer;
        if (proposer is null || proposer.Ballot != wedged.Ballot)
            return;
        bool news = proposer.Answers[rank] is null;
        proposer.Answers[rank] = wedged;
        proposer.Answered |= 1UL << rank;
        if (!view.Key.IsBootstrap)
            view.Detector.SetRow(rank, wedged.Hears, _now); // founders send no heartbeats that would renew it
        if (wedged.Leaving)
            view.Leaving |= 1UL << rank;
        if (proposer.Value is not { } value)
            Gather(view, effects);
        else if (news)
            SendProposal(view, proposer, rank, value, effects);
    }

    /// <summary>P4, P5: proposes once everybody who must answer has, and every body is here.</summary>
    private void Gather(ViewState view, EffectList effects)
    {
        Proposer? proposer = view.Change.Proposer;
        if (proposer is null || proposer.Value is not null)
            return;
        ulong best = view.Detector.Best(_isQuorum, _now);
        if (IsOutside(view))
        {
            HandOver(view, effects);
            return;
        }
        if ((best >> view.OwnRank & 1) == 0 || (best & ~proposer.Answered) != 0 || !_isQuorum(proposer.Answered) || !IsSettled(view, best))
            return;
        Wedged? accepted = HighestAccepted(proposer);
        long[] cut = accepted is null ? HighestReceived(view, proposer) : accepted.Accepted!.Cut;
        if (!HaveBodies(view, cut))
        {
            PullBodies(view, proposer, cut, effects);
            return;
        }
        ViewValue? value = accepted is null ? MakeValue(view, proposer, best, cut) : accepted.Accepted;
        if (value is null)
            return;
        if (accepted is not null && _rules.BlendAcceptedValue && MakeValue(view, proposer, best, HighestReceived(view, proposer)) is { } fresh)
            value = value with { Members = fresh.Members, Departed = fresh.Departed };
        proposer.Value = value;
        Accept(view, proposer.Ballot, value);
        proposer.AcceptedBy |= 1UL << view.OwnRank;
        for (int r = 0; r < view.Size; r++)
            if (r != view.OwnRank && proposer.Answers[r] is not null)
                SendProposal(view, proposer, r, value, effects);
        MaybeDecide(view, proposer, effects);
    }

    /// <summary>The others have a better set without this node, and have not had the suspicion time to act.</summary>
    private bool IsOutside(ViewState view)
    {
        if (view.Key.IsBootstrap || _rules.DeafNodeWedges || _now - view.Change.NeededSince > _options.Times.Suspicion)
            return false;
        ulong best = view.Detector.BestOfAll(_isQuorum, _now);
        return best != 0 && (best >> view.OwnRank & 1) == 0;
    }

    /// <summary>A coordinator outside the best set proposes nothing. Its row is the request to the lowest rank of that set to start
    /// a higher ballot; if that one stays silent for the suspicion time, this one goes on as it can.</summary>
    private void HandOver(ViewState view, EffectList effects)
    {
        view.Change.Proposer = null;
        effects.Send(view.Members[BitOperations.TrailingZeroCount(view.Detector.BestOfAll(_isQuorum, _now))].Id, MakeHeartbeat(view));
    }

    private Wedged? HighestAccepted(Proposer proposer)
    {
        Wedged? highest = null;
        foreach (Wedged? answer in proposer.Answers)
            if (answer?.Accepted is not null && (highest is null || answer.AcceptedBallot > highest.AcceptedBallot))
                highest = answer;
        return _rules.IgnoreAcceptedValue ? null : highest;
    }

    private long[] HighestReceived(ViewState view, Proposer proposer)
    {
        long[] cut = view.ReceivedVector();
        if (_rules.CutFromOwnKnowledge)
            return cut;
        foreach (Wedged? answer in proposer.Answers)
            for (int r = 0; answer is not null && r < cut.Length; r++)
                cut[r] = Math.Max(cut[r], answer.Received[r]);
        return cut;
    }

    private static bool HaveBodies(ViewState view, long[] cut)
    {
        for (int r = 0; r < cut.Length; r++)
            if (view.Streams[r].Received < cut[r])
                return false;
        return true;
    }

    /// <summary>P9: pulls from whoever answered with the most; when every holder of a body is suspected, a higher ballot asks anew.</summary>
    private void PullBodies(ViewState view, Proposer proposer, long[] cut, EffectList effects)
    {
        if (_now - view.Change.PulledAt < _options.Times.Tick)
            return;
        view.Change.PulledAt = _now;
        long[] have = view.ReceivedVector();
        for (int holder = 0; holder < view.Size; holder++)
        {
            if (proposer.Answers[holder] is not { } answer || holder == view.OwnRank || view.Detector.IsSuspected(holder))
                continue;
            var upTo = new long[view.Size];
            bool any = false;
            for (int r = 0; r < view.Size; r++)
            {
                upTo[r] = Math.Min(answer.Received[r], cut[r]);
                any |= upTo[r] > have[r];
            }
            if (!any)
                continue;
            effects.Send(view.Members[holder].Id, new Pull(view.Key, (long[])have.Clone(), upTo));
            for (int r = 0; r < view.Size; r++)
                have[r] = Math.Max(have[r], upTo[r]);
        }
        for (int r = 0; r < view.Size; r++)
            if (have[r] < cut[r])
            {
                view.Change.Proposer = null;
                StartBallot(view, effects);
                return;
            }
    }

    private static void OnPull(ViewState view, NodeId from, Pull pull, EffectList effects)
    {
        var bundles = new List<Bundle>();
        for (int r = 0; r < view.Size; r++)
            if (pull.UpTo[r] > pull.After[r])
                view.Streams[r].CopyTo(bundles, pull.After[r], pull.UpTo[r]);
        effects.Send(from, new Bodies(view.Key, bundles));
    }

    private void OnBodies(ViewState view, Bodies bodies, EffectList effects)
    {
        StoreBodies(view, bodies.Bundles);
        if (view.Change.Proposer is not null)
            Gather(view, effects);
        if (view.Change.Pending is { } pending)
            OnPropose(view, view.RankOf(view.Change.PendingFrom), view.Change.PendingFrom, pending, effects);
        if (view.Change.Decided is { } decided && HaveBodies(view, decided.Value.Cut))
            Install(view, decided.Value, memberKnows: true, effects);
    }

    /// <summary>Bodies of a cut are the one thing that a wedged member still takes of the old view.</summary>
    private static void StoreBodies(ViewState view, IReadOnlyList<Bundle> bundles)
    {
        foreach (Bundle bundle in bundles)
            if (!view.Change.Wedged || !view.Streams[bundle.Sender].TryAppend(bundle))
                bundle.Release();
    }

    private void SendProposal(ViewState view, Proposer proposer, int rank, ViewValue value, EffectList effects)
    {
        proposer.SentAt[rank] = _now;
        var bundles = new List<Bundle>();
        Wedged answer = proposer.Answers[rank]!;
        for (int r = 0; r < view.Size; r++)
            if (answer.Received[r] < value.Cut[r])
                view.Streams[r].CopyTo(bundles, answer.Received[r], value.Cut[r]);
        effects.Send(view.Members[rank].Id, new Propose(view.Key, proposer.Ballot, value, bundles));
    }

    /// <summary>P10: accepts only what it has the bodies for.</summary>
    private void OnPropose(ViewState view, int rank, NodeId from, Propose propose, EffectList effects)
    {
        ChangeState change = view.Change;
        if ((propose.Ballot < change.Promised && !_rules.AcceptBelowPromise) || (propose.Ballot == change.Promised && propose.Ballot.Rank != rank && !_rules.BareBallotNumbers))
        {
            if (change.Pending != propose)
                ReleaseAll(propose.Bundles);
            effects.Send(from, new Refused(view.Key, propose.Ballot, change.Promised));
            return;
        }
        if (propose.Ballot > change.Promised)
            Yield(change);
        Promise(view, propose.Ballot, effects);
        if (change.Pending != propose)
            StoreBodies(view, propose.Bundles);
        if (!HaveBodies(view, propose.Value.Cut) && !_rules.AcceptWithoutBodies)
        {
            (change.Pending, change.PendingFrom) = (propose, from);
            effects.Send(from, new Pull(view.Key, view.ReceivedVector(), propose.Value.Cut));
            return;
        }
        change.Pending = null;
        Accept(view, propose.Ballot, propose.Value);
        effects.Send(from, new Accepted(view.Key, propose.Ballot));
    }

    private void Accept(ViewState view, Ballot ballot, ViewValue value)
    {
        (view.Change.AcceptedBallot, view.Change.Accepted) = (ballot, value);
        if (view.Key.IsBootstrap)
            _boundTo = view.Key.Epoch;
    }

    private static void ReleaseAll(IReadOnlyList<Bundle> bundles)
    {
        foreach (Bundle bundle in bundles)
            bundle.Release();
    }

    private void OnAccepted(ViewState view, int rank, Accepted accepted, EffectList effects)
    {
        Proposer? proposer = view.Change.Proposer;
        if (proposer?.Value is null || proposer.Ballot != accepted.Ballot)
            return;
        proposer.AcceptedBy |= 1UL << rank;
        MaybeDecide(view, proposer, effects);
    }

    /// <summary>P11: acceptances of a quorum of the old view decide.</summary>
    private void MaybeDecide(ViewState view, Proposer proposer, EffectList effects)
    {
        bool decided = _isQuorum(proposer.AcceptedBy);
        if (_rules.DecideOnFirstAcceptance)
            decided = true;
        else if (_rules.QuorumOfNewView)
            decided = BitOperations.PopCount(proposer.AcceptedBy) * 2 > proposer.Value!.Members.Count;
        if (decided)
            Decided(view, proposer.Value!, effects);
    }
}
