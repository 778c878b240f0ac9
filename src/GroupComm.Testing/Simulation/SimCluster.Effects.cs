using System;
using System.Collections.Generic;
using GroupComm.Core;
using GroupComm.Core.Messages;
using GroupComm.Core.Queries;
using GroupComm.Testing.Laws;
using GroupComm.Testing.Traces;

namespace GroupComm.Testing.Simulation;

// What the runtime would do with a core's effects, and the trace it would write.
internal sealed partial class SimCluster
{
    private readonly List<(ViewKey View, int Rank, long UpTo)> _consumed = [];
    private readonly List<int> _numbers = [];
    private readonly List<int> _along = [];
    private readonly List<LeftNode> _leftNodes = [];

    private void Carry(SimNode node)
    {
        int life = node.Life;
        for (int i = 0; i < _effects.Count && node.Alive && node.Life == life; i++)
            Carry(node, _effects[i]);
        _effects.Clear();
        if (_consumed.Count > 0)
            Consume(node);
        if (_handled.Count > 0)
            HandleUnicasts(node);
    }

    private void Carry(SimNode node, in Effect effect)
    {
        _script?.Carries(node, effect);
        Watch?.Carries(node, effect, _now);
        App?.Carries(node, effect);
        switch (effect.Kind)
        {
            case EffectKind.Send:
                if (effect.Message is JoinRefused { Reason: JoinRefusal.NameInUse })
                    CheckSpeaker(node);
                Transmit(node, effect.Node, effect.Message);
                break;
            case EffectKind.Broadcast:
                OnBroadcast(node, effect.Message);
                break;
            case EffectKind.Deliver:
                OnDeliver(node, effect);
                break;
            case EffectKind.Transitional:
            case EffectKind.Peers:
            case EffectKind.Waiting:
                break;
            case EffectKind.ViewInstalled:
                OnView(node, (InstalledView)effect.Subject!);
                if (Mix.DieAtInstallPerMille > 0)
                    MayDieAtInstall(node);
                break;
            case EffectKind.GroupViewInstalled:
                OnGroupView(node, (InstalledGroupView)effect.Subject!);
                App?.GroupView(node, (InstalledGroupView)effect.Subject!);
                break;
            case EffectKind.GroupRefused:
                break;
            case EffectKind.Wedged:
                node.Trace.Wedge(node.View!.Key.Id, _now * 1000);
                Story?.Invoke(_now, $"{node.Id} wedges view {node.View.Key.Id}");
                if (Mix.ReadPerMille > 0 || Mix.SendsAtWedge)
                    ReadBehindTheWedge(node);
                if (Mix.SendsAtWedge && _faulting)
                    SendAtWedge(node);
                break;
            case EffectKind.Safe:
                OnSafe(node, effect.Number);
                break;
            case EffectKind.Delivered:
                break;
            case EffectKind.DeliverDirect:
                OnUnicast(node, effect);
                break;
            case EffectKind.QueryAnswered:
                if (App is null)
                    _watch.Answered(node.Id, (QueryAnswer)effect.Subject!);
                break;
            case EffectKind.QueryEnded:
                if (App is null)
                    _watch.Ended(node.Id, (QueryEnd)effect.Subject!);
                break;
            case EffectKind.ReadReady:
                OnReadReady(node, effect.Number);
                break;
            case EffectKind.ReadRefused:
                node.Reads.Clear();
                break;
            case EffectKind.PrimaryLost:
                node.Primary = false;
                node.Trace.Primary(false, effect.Text, _now * 1000);
                Story?.Invoke(_now, $"{node.Id} is not primary: {effect.Text}");
                break;
            case EffectKind.PrimaryRegained:
                node.Primary = true;
                node.Trace.Primary(true, "", _now * 1000);
                Story?.Invoke(_now, $"{node.Id} is primary again");
                break;
            case EffectKind.Suspected:
                node.Trace.Suspect(History.Process(effect.Node).Index, effect.Text, _now * 1000);
                Story?.Invoke(_now, $"{node.Id} suspects {effect.Node}: {effect.Text}");
                break;
            case EffectKind.Excluded:
                node.Trace.Excluded(node.View?.Key.Id ?? 0, effect.Text, _now * 1000);
                Story?.Invoke(_now, $"{node.Id} is excluded: {effect.Text}");
                if (effect.Text == Departure.NewIncarnation)
                    LoseName(node);
                else
                    Return(node);
                break;
            case EffectKind.GroupLost:
                Story?.Invoke(_now, $"{node.Id}: the group is lost");
                Return(node);
                break;
            case EffectKind.JoinRefused:
                JoinRefusal refusal = ((JoinRefused)effect.Subject!).Reason;
                Story?.Invoke(_now, $"{node.Id}: {refusal}");
                if (refusal == JoinRefusal.NameInUse)
                    LoseName(node);
                else
                    Finish(node, rejoin: true);
                break;
            case EffectKind.Left:
                node.Trace.Leave(_now * 1000);
                node.Primary = false;
                Story?.Invoke(_now, $"{node.Id} left");
                break;
            case EffectKind.Finished:
                CheckLeave(node);
                node.Trace.Stop(_now * 1000);
                bool needed = _lost && !_faulting; // a lost cluster needs all its founders
                node.Left = !needed;
                Finish(node, rejoin: needed);
                break;
            default:
                throw new InvalidOperationException($"unhandled effect {effect.Kind}");
        }
    }

    /// <summary>The life is over, by exclusion or by leaving: peers see the process go.</summary>
    private void Finish(SimNode node, bool rejoin)
    {
        node.Trace.Stop(_now * 1000);
        Kill(node);
        if (rejoin)
            StartNode(node, _script is null ? _random.Between(1_000, 60_000) : ScriptedRestart);
    }

    /// <summary>The life is over and the next begins in the same process, as in the runtime: peers see the connections close and a
    /// new identity dial; the members are joined again under their slots and names.</summary>
    private void Return(SimNode node)
    {
        if (node.LeaveAsked)
        {
            Finish(node, rejoin: true);
            return;
        }
        node.Trace.Stop(_now * 1000);
        Kill(node);
        foreach (SimGroup group in node.Groups.Values)
            if (group.LeaveAsked)
                node.Asked.Remove(group.Name);
        Boot(node, before: node.Core);
    }

    private void OnBroadcast(SimNode node, Message message)
    {
        if (message is Bundle bundle && bundle.Sender == node.View!.OwnRank)
            TraceSends(node, bundle);
        for (int r = 0; r < node.Peers.Length; r++)
            if (r != node.View!.OwnRank && node.Peers[r].Id.Incarnation == node.View.Members[r].Id.Incarnation)
                Transmit(node, node.Peers[r], message);
    }

    private void TraceSends(SimNode node, Bundle bundle)
    {
        ulong hash = 0;
        foreach (ref readonly Segment segment in bundle.Segments)
        {
            if (segment.Kind != SegmentKind.Application || !node.Groups.TryGetValue(segment.Group, out SimGroup? group))
                continue;
            int at = segment.Offset;
            for (int i = 0; i < segment.Count; i++)
            {
                ReadOnlySpan<byte> payload = Payload(bundle, ref at);
                hash = Mixed(_sendHash.TryGetValue(node.Index, out ulong partial) ? partial : 0, payload);
                _sendHash.Remove(node.Index);
                if (segment.FragmentsLeft > 0)
                {
                    _sendHash[node.Index] = hash;
                    continue;
                }
                long sequence = segment.First + i;
                Messages++;
                int member = segment.Slot == 0 ? -1 : group.Member;
                DeliveryOrder order = _rules.CausalThroughSequencer && segment.Order == DeliveryOrder.Agreed && _asCausal.Contains((node.Index, bundle.View.Id, sequence)) ? DeliveryOrder.Causal : segment.Order;
                node.Trace.Send(group.Traced, member, bundle.View.Id, sequence, order, group.View.View, (int)group.View.Number, hash, _now * 1000, TracedKey(hash));
                Story?.Invoke(_now, $"{node.Id} sends {bundle.View.Id}:{sequence} {segment.Order} in {group.Name}");
                node.AwaitsSafe.Enqueue(sequence);
                if (_stablePhase && !(_clientsStopped && App is not null)) // an application may answer what comes last
                    _stable.Sends.Add(new StableSend(node.Trace.Index, bundle.View.Id, sequence, true));
            }
        }
    }

    private readonly Dictionary<int, ulong> _sendHash = [];
    private readonly HashSet<(int, long, long)> _asCausal = [];

    private void OnDeliver(SimNode node, in Effect effect)
    {
        Bundle bundle = effect.Bundle;
        ref readonly Segment segment = ref bundle[effect.Index];
        SimUnit? unit = Mix.Handlers.Active ? OpenUnit(node, bundle.View, bundle.Sender, effect.First + effect.Count - 1) : null;
        if (unit is null && App is null)
            ConsumeLater(node, bundle.View, bundle.Sender, effect.First + effect.Count - 1);
        int at = segment.Offset;
        for (long s = segment.First; s < effect.First; s++)
            Payload(bundle, ref at);
        node.Groups.TryGetValue(segment.Group, out SimGroup? group);
        for (int i = 0; i < effect.Count; i++)
        {
            ReadOnlySpan<byte> payload = Payload(bundle, ref at);
            ulong hash = Mixed(node.PartialHash[bundle.Sender], payload);
            node.PartialHash[bundle.Sender] = segment.FragmentsLeft > 0 ? hash : 0;
            if (segment.FragmentsLeft > 0 || group is null || group.Member < 0)
                continue;
            long sequence = effect.First + i;
            if (segment.Query && App is null)
                ReplyLater(node, group, segment, node.View!.Members[bundle.Sender].Id, bundle.View.Id, sequence);
            long number = effect.Number > 0 ? effect.Number + i : -1;
            GroupViewId sentIn = group.AgreedOnly ? group.View : new GroupViewId(group.View.View, segment.GroupView);
            int sender = node.Numbers[bundle.Sender];
            DeliveryOrder order = _rules.CausalThroughSequencer && segment.Order == DeliveryOrder.Agreed && IsAsCausal(node, bundle, sequence) ? DeliveryOrder.Causal : segment.Order;
            node.Trace.Deliver(
                group.Traced, group.Member, sender, bundle.View.Id, sequence, order, sentIn.View, (int)sentIn.Number,
                ++group.Position, number, hash, _now * 1000, node.View!.Key.Id);
            if (group.State is { } state)
                Deliver(state, node, sender, bundle, sequence, segment.Order, hash);
            Story?.Invoke(_now, $"{node.Id} delivers {node.View.Members[bundle.Sender].Id}:{bundle.View.Id}:{sequence} {segment.Order}{(number > 0 ? $" #{number}" : "")} in {group.Name}");
            if (unit is not null)
                HandleMessage(node, group, sender, bundle.View.Id, sequence, hash, payload.Length == 8 ? payload[AnswersAt] : (byte)0, unit);
        }
        if (unit is { Open: 0 })
            CloseUnits(node);
    }

    private bool IsAsCausal(SimNode node, Bundle bundle, long sequence) =>
        _byId.TryGetValue(node.View!.Members[bundle.Sender].Id, out SimNode? sender) && _asCausal.Contains((sender.Index, bundle.View.Id, sequence));

    private void ConsumeLater(SimNode node, ViewKey view, int rank, long upTo)
    {
        if (!Mix.SlowConsumers || _stablePhase)
        {
            _consumed.Add((view, rank, upTo));
            return;
        }
        Faults[(int)FaultKind.SlowConsumer]++;
        _queue.Add(new SimEvent
        {
            Time = _now + _random.Between(100, 60_000), Kind = SimEventKind.Consume, Node = node.Index, Life = node.Life, Subject = (view, rank), Number = upTo,
        });
    }

    private void Consume(SimNode node)
    {
        foreach ((ViewKey view, int rank, long upTo) in _consumed)
            if (node.Alive)
                node.Core.Consumed(view, rank, upTo);
        _consumed.Clear();
        if (node.Alive && !node.TurnPending && Mix.Window < 1024)
        {
            node.TurnPending = true;
            Add(node, SimEventKind.TurnEnd, 1);
        }
    }

    private void OnView(SimNode node, InstalledView view)
    {
        Views++;
        NoteInstall(view, joins: node.View is null);
        if (node.View is not null)
            while (node.AwaitsSafe.TryDequeue(out long sequence))
                node.Trace.Ack(node.Trace.Index, node.View.Key.Id, sequence, TraceStage.Safe, _now * 1000);
        node.View = view;
        node.Primary = true;
        node.Installs++;
        node.PartialHash = new ulong[view.Members.Count];
        _sendHash.Remove(node.Index);
        _numbers.Clear();
        _along.Clear();
        _leftNodes.Clear();
        foreach (NodeInfo member in view.Members)
            _numbers.Add(History.Process(member.Id).Index);
        node.Numbers = [.. _numbers];
        node.Peers = new SimNode[view.Members.Count];
        for (int r = 0; r < node.Peers.Length; r++)
            node.Peers[r] = _byId[view.Members[r].Id];
        foreach (NodeId member in view.Transitional)
            _along.Add(History.Process(member).Index);
        foreach (Departure departure in view.Departed)
            _leftNodes.Add(new LeftNode(History.Process(departure.Id).Index, departure.Reason));
        node.Trace.View(
            view.Key.Id, true, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_numbers), System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_along),
            System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_leftNodes), _now * 1000, view.Key.Epoch);
        if (Story is not null)
            Story(_now, $"{node.Id} installs view {view.Key.Id} [{string.Join(" ", System.Linq.Enumerable.Select(view.Members, static m => m.Id.ToString()))}]"
                + string.Concat(System.Linq.Enumerable.Select(view.Departed, static d => $" -{d.Id} ({d.Reason})")));
        if (Mix.SendsAtWedge && _faulting && App is null)
            Add(node, SimEventKind.Burst, _side.Below(2 * (Mix.MinDelay + Mix.Jitter)));
        if (view.Transitional.Count == 1 && view.Transitional[0] == node.Id && node.NextSlot == 0 && _script is null && App is null)
            JoinGroups(node);
    }

    private void OnGroupView(SimNode node, InstalledGroupView installed)
    {
        GroupState state = installed.Group;
        if (!node.Groups.TryGetValue(state.Number, out SimGroup? group))
        {
            group = new SimGroup(state.Number, state.Name, state.Traits.AgreedOnly) { Traced = History.Group(state.Name) };
            if (state.Traits.AgreedOnly)
                History.SetAgreedOnly(group.Traced);
            node.Groups.Add(state.Number, group);
        }
        group.View = new GroupViewId(state.InstalledIn, state.ViewNumber);
        group.Position = 0;
        group.Members = state.Members;
        int own = -1;
        _numbers.Clear();
        foreach (GroupMember member in state.Members)
        {
            int number = History.Member(History.Process(member.Node).Index, group.Traced, member.Name);
            _numbers.Add(number);
            if (member.Node == node.Id)
                (own, group.Slot) = (number, member.Slot);
        }
        if (own < 0)
        {
            if (group.Member >= 0)
            {
                node.Asked.Remove(group.Name);
                if (node.Members.TryGetValue(group.Member, out SimMember? gone) && gone.Removed)
                    DropMember(node, group.Member);
            }
            (group.Slot, group.LeaveAsked) = (0, false);
        }
        bool lost = own < 0 && group.Member >= 0;
        group.Member = own;
        OnStates(node, group, installed);
        if (state.Members.Count == 0)
            node.Groups.Remove(state.Number);
        // As the runtime does: the view without its member too, for what came after it is no longer the member's to deliver.
        if (own < 0 && !lost)
            return;
        FencingToken token = FencingToken.Create(installed.View.Epoch, state.InstalledIn, state.ViewNumber);
        node.Trace.GroupView(group.Traced, installed.View.Id, group.View, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_numbers), installed.Reason, token, _now * 1000);
        Story?.Invoke(_now, $"{node.Id} installs {state.Name} view {group.View} with {state.Members.Count} members ({installed.Reason})");
        if (Mix.Handlers.Active && own >= 0)
            HandleView(node, group);
    }

    private void OnSafe(SimNode node, long upTo)
    {
        while (node.AwaitsSafe.TryPeek(out long sequence) && sequence <= upTo)
        {
            node.AwaitsSafe.Dequeue();
            node.Trace.Ack(node.Trace.Index, node.View!.Key.Id, sequence, TraceStage.Safe, _now * 1000);
        }
    }

    public static ReadOnlySpan<byte> Payload(Bundle bundle, ref int at)
    {
        byte[] buffer = bundle.Block!.Buffer;
        int length = 0, shift = 0;
        for (; ; shift += 7)
        {
            byte b = buffer[at++];
            length |= (b & 0x7F) << shift;
            if (b < 0x80)
                break;
        }
        at += length;
        return buffer.AsSpan(at - length, length);
    }

    private static ulong Mixed(ulong hash, ReadOnlySpan<byte> payload)
    {
        foreach (byte b in payload)
            hash = (hash ^ b) * 1099511628211 + 0x9E37;
        return hash;
    }
}
