using System;
using System.Collections.Generic;
using GroupComm.Core.Groups;
using GroupComm.Core.Membership;
using GroupComm.Core.Messages;
using GroupComm.Core.Streams;

namespace GroupComm.Core;

// The end of a view: rules P11 to P16.
internal sealed partial class NodeCore
{
    private DecisionRecord? _departed; // set when this node left: it helps until all who stay have installed
    private string? _excludedFor; // set with it when it was excluded, and nobody who stays may know

    /// <summary>Whoever stays in the view after this node left; null before that.</summary>
    public IReadOnlyList<NodeInfo>? Successors => _departed?.Value.Members;

    /// <summary>Members of the next view that this node has accepted and not yet installed; null without one. For the simulator.</summary>
    public IReadOnlyList<NodeInfo>? AcceptedNext => _view is { Key.IsBootstrap: false } view ? view.Change.Accepted?.Members : null;

    /// <summary>Whether this node can no longer accept a proposal of that ballot, or has gone on to a later view. For the simulator.</summary>
    public bool HasPromisedMore(ViewKey key, Ballot ballot) => _view is { } view && (view.Key == key ? view.Change.Promised > ballot : view.Key.CompareTo(key) > 0);

    /// <summary>This node's ballot was decided: tells everybody and installs.</summary>
    private void Decided(ViewState view, ViewValue value, EffectList effects)
    {
        _proposedNow = view.Key;
        SendAll(view, new Decide(view.Key, view.Size, value, view.Key.IsBootstrap ? GroupTableState.Empty : null, []), effects);
        Install(view, value, memberKnows: _rules.ExcludedTellsNobody, effects);
    }

    private void OnDecide(ViewState view, NodeId from, Decide decide, EffectList effects)
    {
        if (view.Key.IsBootstrap || HaveBodiesWith(view, decide))
        {
            Install(view, decide.Value, Contains(decide.Value.Members, from), effects);
            return;
        }
        if (view.Change.Decided is null)
            Promise(view, view.Change.Promised, effects);
        view.Change.Decided = decide;
        effects.Send(from, new Help(view.Key, view.ReceivedVector()));
    }

    private bool HaveBodiesWith(ViewState view, Decide decide)
    {
        if (!Contains(decide.Value.Members, _self.Id) && !Contains(decide.Value.Leavers, _self.Id))
        {
            ReleaseAll(decide.Bundles);
            return true; // excluded: needs none
        }
        foreach (Bundle bundle in decide.Bundles)
            if (!view.Streams[bundle.Sender].TryAppend(bundle))
                bundle.Release();
        return HaveBodies(view, decide.Value.Cut) || _rules.AcceptWithoutBodies;
    }

    /// <param name="view">The view that ends.</param>
    /// <param name="value">What was decided.</param>
    /// <param name="memberKnows">One of those who go on knows it. If not, this node must tell them, though it is excluded itself.</param>
    /// <param name="effects">What follows.</param>
    private void Install(ViewState view, ViewValue value, bool memberKnows, EffectList effects)
    {
        CheckValue(view, value);
        bool stays = Contains(value.Members, _self.Id), leaves = Contains(value.Leavers, _self.Id);
        if (!stays && !leaves)
        {
            if (view.Key.IsBootstrap)
                LeaveBootstrap();
            else if (memberKnows || value.Members.Count == 0)
                Exclude(ReasonFor(value), effects);
            else
                DepartExcluded(Record(view, value), ReasonFor(value));
            return;
        }
        if (!view.Key.IsBootstrap)
            Flush(view, value, effects);
        EndReads(effects);
        DecisionRecord record = Record(view, value);
        if (!stays)
        {
            Depart(record, effects);
            return;
        }
        IReadOnlyList<NodeId> along = view.Key.IsBootstrap ? [_self.Id] : Survivors(view, value.Members);
        if (!view.Key.IsBootstrap)
            effects.Add(new Effect(EffectKind.Transitional, default, new TransitionalSet(view.Key, along)));
        Enter(record, along, effects);
    }

    /// <summary>P12: delivers what remains of the cut, in the decided sequence.</summary>
    private void Flush(ViewState view, ViewValue value, EffectList effects)
    {
        Promise(view, view.Change.Promised, effects);
        for (int r = 0; r < view.Size; r++)
        {
            Invariant.Holds(view.Passed[r] <= value.Cut[r], "VS-9", $"delivered {view.Passed[r]} of rank {r}, the decided cut is {value.Cut[r]}");
            view.Streams[r].Limit = value.Cut[r];
        }
        Invariant.Holds(view.Own.Received <= value.Cut[view.OwnRank] || !Contains(value.Members, _self.Id), "VS-12", "an own message is outside the decided cut");
        view.Orders.Finish(value.SequenceBase, value.Sequence);
        view.Flushing = true;
        while (AdvanceHeld(view) | AdvancePassed(view, effects)) { }
        for (int r = 0; r < view.Size; r++)
            Invariant.Holds(view.Passed[r] == value.Cut[r], "VS-9", $"the flush ended at {view.Passed[r]} of rank {r}, the decided cut is {value.Cut[r]}; {DescribeBlock(view, r)}");
        if (view.Passed[view.OwnRank] > view.DeliveredReceipt)
            effects.Add(new Effect(EffectKind.Delivered, Number: view.DeliveredReceipt = view.Passed[view.OwnRank]));
    }

    private static string DescribeBlock(ViewState view, int rank)
    {
        InStream stream = view.Streams[rank];
        if (!stream.TryAt(ref stream.Passed, out Bundle bundle))
            return "its next message is not here";
        Segment segment = bundle[stream.Passed.Segment];
        string next = view.Orders.TryNext(out OrderRun run) ? $"the next number {view.Orders.Delivered + 1} is of {run}" : "all numbers are delivered";
        return $"its next message is {segment.Order} {segment.Kind} {segment.First}-{segment.Last}, held to {view.Held[rank]}, stamp {string.Join(",", bundle.Stamp.ToArray())}, passed {string.Join(",", view.Passed)}; {next}";
    }

    private DecisionRecord Record(ViewState view, ViewValue value)
    {
        var bodies = new List<Bundle>();
        foreach (InStream stream in view.Streams)
            stream.CopyTo(bodies, 0, long.MaxValue);
        return new DecisionRecord(view.Key, view.Size, value, null, bodies);
    }

    /// <summary>P12: fresh streams, stamps and order log; then the groups; then frames that came early.</summary>
    private void Enter(DecisionRecord decided, IReadOnlyList<NodeId> along, EffectList effects)
    {
        ViewValue value = decided.Value;
        ViewState? before = _view is { Key.IsBootstrap: false } ? _view : null;
        if (before is not null)
            EndConsumption(before);
        int rank = RankOf(value.Members, _self.Id);
        var view = new ViewState(value.Next, value.Members, rank, value.Founders, _options, _now);
        _view = view;
        _boundTo = 0;
        if (before is not null)
            TakeOver(before, view);
        if (_leaving)
            view.Leaving |= 1UL << rank;
        foreach (NodeInfo member in value.Members)
            _joins.Remove(member.Id);
        foreach (Departure departure in value.Departed)
        {
            _joins.Remove(departure.Id);
            Retire(departure.Id);
        }
        effects.Add(new Effect(EffectKind.ViewInstalled, default, new InstalledView(value.Next, value.Members, rank, value.Departed, along, value.FeatureLevel)));
        effects.Add(new Effect(EffectKind.Peers, default, value.Members));
        _direct.Retain(value.Members);
        OpenAllGroups();
        foreach (InstalledGroupView group in _table.InstallView(value.Next, value.Members, value.Departed))
            AnnounceGroup(group, effects);
        _gate.OpenView(value.Next); // last: senders on other threads must not meet a view without its groups

        GroupTableState table = _rules.JoinerTableIncomplete ? GroupTableState.Empty : _table.ToState();
        _archive.Installed(value.Members, _dropped);
        _archive.Add(new DecisionRecord(decided.View, decided.OldSize, value, table, decided.Bodies), _self.Id, _now + _options.Times.Leave, _dropped);
        WelcomeJoiners(decided, along, table, effects);
        if (before is not null && !_primary)
            effects.Add(EffectKind.PrimaryRegained); // what was said to be lost is said to be back
        _primary = true;
        _unconfirmed = false;
        for (int r = 0; r < view.Size; r++)
            if (_gone.Contains(view.Members[r].Id))
                SuspectRank(view, r, "connection refused", effects);
        effects.Broadcast(MakeHeartbeat(view));
        ReplayEarly(view, effects);
    }

    /// <summary>What is true of a member whatever the view.</summary>
    private void TakeOver(ViewState before, ViewState view)
    {
        for (int r = 0; r < view.Size; r++)
            if (before.RankOf(view.Members[r].Id) is >= 0 and int old)
            {
                view.Detector.TakeOver(r, before.Detector, old);
                // A leave is never taken back. Forgotten, those who may not leave yet (the last founders) would start a change with
                // every heartbeat that says so anew.
                if (!_rules.LeavesForgotten)
                    view.Leaving |= (before.Leaving >> old & 1) << r;
            }
        if (_rules.CreditsOfLeftMember)
            _creditIsOwed |= _ledger.Carried > 0 && Survivors(before, view.Members).Count < before.Size;
    }

    private void WelcomeJoiners(DecisionRecord decided, IReadOnlyList<NodeId> along, GroupTableState table, EffectList effects)
    {
        if (decided.View.IsBootstrap || _proposedNow != decided.View)
            return;
        foreach (NodeInfo member in decided.Value.Members)
            if (!Contains(along, member.Id))
                effects.Send(member.Id, new Decide(decided.View, decided.OldSize, decided.Value, table, decided.Lacking([])));
    }

    private void ReplayEarly(ViewState view, EffectList effects)
    {
        if (_early.Count == 0)
            return;
        (NodeId From, Message Message)[] early = [.. _early];
        _early.Clear();
        foreach ((NodeId from, Message message) in early)
            if (message.View == view.Key || message.View.Follows(view.Key))
                Receive(from, message, _now, effects);
            else if (message is Bundle bundle)
                bundle.Release();
    }

    /// <summary>A joiner learns the decision that admitted it.</summary>
    private void EnterAsJoiner(Decide decide, EffectList effects)
    {
        _table = GroupTable.From(decide.Table!, _rules);
        var record = new DecisionRecord(decide.View, decide.OldSize, decide.Value, decide.Table, [.. decide.Bundles]);
        _view = null;
        Enter(record, [_self.Id], effects);
        foreach (Group group in _table.Groups)
            effects.Add(new Effect(EffectKind.GroupViewInstalled, default, new InstalledGroupView(group.ToState(), decide.Value.Next, [], [], "table")));
    }

    private void Exclude(string reason, EffectList effects)
    {
        End(reason);
        effects.Add(new Effect(EffectKind.Excluded, default, reason));
    }

    private void End(string reason)
    {
        _finished = true;
        _primary = false;
        _gate.End(reason);
    }

    /// <summary>P15: a leaver stays until every member that stays has confirmed, or the leave time is over.</summary>
    private void Depart(DecisionRecord record, EffectList effects)
    {
        _departed = record;
        _primary = false;
        Await(record);
        _gate.End("the node left");
        effects.Add(EffectKind.Left);
        if (record.Value.Members.Count == 0)
            foreach (Seeker seeker in _joins.Seekers)
                effects.Send(seeker.Info.Id, new JoinRefused(record.View, JoinRefusal.ClusterEnded, 0));
        if (record.Unconfirmed.Count == 0 || _rules.LeaverStopsAtOnce)
            FinishDeparture(effects);
    }

    /// <summary>P14: its own ballot decided without it. It is out, but stays until those who go on have confirmed: nobody else may know.</summary>
    private void DepartExcluded(DecisionRecord record, string reason)
    {
        (_departed, _excludedFor, _leavingSince) = (record, reason, _now);
        _primary = false;
        Await(record);
        _gate.End(reason);
    }

    /// <summary>Those who go on, without those whose process is gone: they will never ask.</summary>
    private void Await(DecisionRecord record)
    {
        foreach (NodeInfo member in record.Value.Members)
            if (!_gone.Contains(member.Id))
                record.Unconfirmed.Add(member.Id);
    }

    /// <summary>One of those who go on is gone itself, perhaps after it left in the next view: it will not confirm any more.</summary>
    private void DepartedLost(NodeId peer, EffectList effects)
    {
        _departed!.Unconfirmed.Remove(peer);
        if (_departed.Unconfirmed.Count == 0)
            FinishDeparture(effects);
    }

    private void ReceiveDeparted(NodeId from, Message message, EffectList effects)
    {
        DecisionRecord record = _departed!;
        if (message is Bundle bundle)
            bundle.Release();
        if (message.View.Epoch == record.Value.Next.Epoch && message.View.Id >= record.Value.Next.Id)
            record.Unconfirmed.Remove(from);
        else if (message.View == record.View && message is Help help)
            effects.Send(from, new Decide(record.View, record.OldSize, record.Value, null, record.Lacking(help.Received)));
        else if (message.View == record.View && message is Wedge or Wedged or Propose or Heartbeat)
            effects.Send(from, new Decide(record.View, record.OldSize, record.Value, null, []));
        if (record.Unconfirmed.Count == 0)
            FinishDeparture(effects);
    }

    private void TickDeparted(EffectList effects)
    {
        DecisionRecord record = _departed!;
        if (record.Unconfirmed.Count == 0 || _now - _leavingSince > _options.Times.Leave)
        {
            FinishDeparture(effects);
            return;
        }
        foreach (NodeId member in record.Unconfirmed)
            effects.Send(member, new Decide(record.View, record.OldSize, record.Value, null, []));
    }

    private void FinishDeparture(EffectList effects)
    {
        if (_excludedFor is { } reason)
        {
            Exclude(reason, effects);
            return;
        }
        _finished = true;
        effects.Add(EffectKind.Finished);
    }

    /// <summary>P14: answers with the decision that the asker missed.</summary>
    private void OnHelp(NodeId from, Help help, EffectList effects)
    {
        if (_rules.NoHelp)
            return;
        DecisionRecord? record = help.View == default ? _archive.FindJoin(from) : _archive.Find(help.View);
        if (record is not null)
            effects.Send(from, new Decide(record.View, record.OldSize, record.Value, record.Table, record.Lacking(help.Received)));
        else if (_view is { Key.IsBootstrap: false } view && view.RankOf(from) < 0 && help.View != default && !help.View.IsBootstrap)
            effects.Send(from, new Gone(view.Key, ReasonGone(view, from, "the others went on without this node")));
    }

    /// <summary>P7 as an invariant.</summary>
    private void CheckValue(ViewState view, ViewValue value)
    {
        ulong kept = 0;
        for (int r = 0; r < view.Size; r++)
            if (Contains(value.Members, view.Members[r].Id) || Contains(value.Leavers, view.Members[r].Id))
                kept |= 1UL << r;
        Invariant.Holds(Membership.Quorum.Holds(kept, view.Size, ProtocolRules.Correct), "VS-5", "those who stay and those who leave are no quorum of the view");
        Invariant.Holds(value.Cut.Length == view.Size, "VS-9", "the decided cut is of another view");
        CheckMembers(value);
    }

    private static void CheckMembers(ViewValue value)
    {
        for (int i = 0; i < value.Members.Count; i++)
            for (int j = 0; j < i; j++)
                Invariant.Holds(value.Members[i].Id.Name != value.Members[j].Id.Name, "VS-4", $"'{value.Members[i].Id.Name}' is in a view twice");
    }

    private static List<NodeId> Survivors(ViewState view, IReadOnlyList<NodeInfo> members)
    {
        var along = new List<NodeId>();
        foreach (NodeInfo member in members)
            if (view.RankOf(member.Id) >= 0)
                along.Add(member.Id);
        return along;
    }

    private string ReasonFor(ViewValue value)
    {
        foreach (Departure departure in value.Departed)
            if (departure.Id == _self.Id)
                return departure.Reason;
        return "the others went on without this node";
    }

    private static int RankOf(IReadOnlyList<NodeInfo> members, NodeId id)
    {
        for (int i = 0; i < members.Count; i++)
            if (members[i].Id == id)
                return i;
        throw new InvariantException("VS-1", "installed a view without itself");
    }

    private static bool Contains(IReadOnlyList<NodeInfo> members, NodeId id)
    {
        foreach (NodeInfo member in members)
            if (member.Id == id)
                return true;
        return false;
    }

    private static bool Contains(IReadOnlyList<NodeId> ids, NodeId id)
    {
        foreach (NodeId each in ids)
            if (each == id)
                return true;
        return false;
    }
}
