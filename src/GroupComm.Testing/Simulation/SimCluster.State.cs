using System;
using GroupComm.Core;
using GroupComm.Core.Messages;
using GroupComm.Testing.Traces;

namespace GroupComm.Testing.Simulation;

// What the members' owners do with states: capture, carry, restore.
internal sealed partial class SimCluster
{
    // Without a chunk for so long, a joiner asks for another donor.
    private const long StateTimeout = 150_000;

    private SimRandom _stateRandom = new(0);

    /// <summary>States restored in this schedule.</summary>
    public int Transfers { get; private set; }

    private bool HasState(string group) => group == "g" ? Mix.FirstHasState : Mix.SecondHasState;

    private bool DrawProvider(string group) => HasState(group) && (Mix.ProviderPerMille >= 1000 || _stateRandom.Chance(Mix.ProviderPerMille));

    private void Deliver(SimState state, SimNode node, int sender, in Bundle bundle, long sequence, DeliveryOrder order, ulong hash)
    {
        ulong item = hash ^ ((ulong)sequence * 0x165667B19E3779F9) ^ ((ulong)(sender + 1) << 48) ^ ((ulong)bundle.View.Id * 0xC2B2AE3D27D4EB4F);
        state.Deliver(item, order >= DeliveryOrder.Agreed);
        if (state.Late.Count == 0)
            return;
        foreach (SimTransfer late in state.Late)
            BeginTransfer(node, state, late);
        state.Late.Clear();
    }

    /// <summary>Right before a group view counts: who has state says which, donors capture, joiners begin to wait.</summary>
    private void OnStates(SimNode node, SimGroup group, InstalledGroupView installed)
    {
        GroupMember? own = null;
        foreach (GroupMember member in installed.Group.Members)
            if (member.Node == node.Id)
                own = member;
        foreach (GroupMember lost in installed.Stateless)
            if (lost.Node == node.Id)
            {
                node.Asked.Remove(group.Name);
                Tell(node, $"fails to join {group.Name}: no state is left");
            }
        if (own is not { Provider: true })
        {
            group.State = null;
            return;
        }
        if (IsFresh(installed, own))
            group.State = new SimState();
        SimState state = group.State!;
        foreach (GroupMember emptied in installed.Emptied)
            if (emptied.Node == node.Id)
            {
                group.State = state = new SimState();
                Tell(node, $"begins {group.Name} without state");
            }
        bool fresh = IsFresh(installed, own);
        if (state.Restored && !(fresh && own.Awaits is not null))
            node.Trace.State(group.Traced, group.View, state.Digest, StateRole.Member, -1, _now * 1000);
        foreach (GroupMember joiner in installed.Transfers)
        {
            if (joiner.Node == node.Id && (fresh || !state.Restored)) // one that restored before the group knew needs no second state
                AwaitState(node, group, state, joiner.Awaits!);
            if (joiner.Awaits!.Donor == node.Id && _byId.TryGetValue(joiner.Node, out SimNode? to))
                CaptureState(node, state, new SimTransfer(to.Index, to.Life, installed.Group.Number, joiner.Slot, joiner.Awaits.Point, group.View));
        }
    }

    private static bool IsFresh(InstalledGroupView installed, GroupMember member)
    {
        foreach (GroupMember joined in installed.Joined)
            if (joined.Is(member.Node, member.Slot))
                return true;
        return false;
    }

    private void AwaitState(SimNode node, SimGroup group, SimState state, StateSource source)
    {
        state.Await(source.Point, group.View, _now, _rules.BufferKeptAcrossRestart);
        Tell(node, $"awaits the state of {group.Name} at view {source.Point} from {Narrator.Name(source.Donor)}");
        _queue.Add(new SimEvent { Time = _now + StateTimeout, Kind = SimEventKind.StateTimeout, Node = node.Index, Life = node.Life, Subject = group.Name, Number = source.Point });
    }

    private void CaptureState(SimNode node, SimState state, SimTransfer transfer)
    {
        if (_rules.LateState)
            state.Late.Add(transfer);
        else
            BeginTransfer(node, state, transfer);
    }

    private void BeginTransfer(SimNode node, SimState state, SimTransfer transfer)
    {
        bool fails = Mix.CaptureFailsPerMille > 0 && _faulting && _stateRandom.Chance(Mix.CaptureFailsPerMille);
        transfer.Bytes = fails ? [] : state.Capture(_rules.EarlyState);
        transfer.ChunksLeft = fails ? 1 : Mix.StateChunks;
        transfer.Generation = Link(node.Index, transfer.Joiner).Generation;
        transfer.Interval = Mix.ChunkInterval;
        if (Mix.SlowDonors && _faulting && _stateRandom.Chance(500))
        {
            Faults[(int)FaultKind.SlowDonor]++;
            transfer.Interval = _stateRandom.Between(50_000, 400_000);
        }
        if (!fails && node.Groups.TryGetValue(transfer.Group, out SimGroup? group))
        {
            node.Trace.State(group.Traced, transfer.View, SimState.DigestOf(transfer.Bytes), StateRole.Donor, _nodes[transfer.Joiner].Trace.Index, _now * 1000);
            Tell(node, $"captures the state of {group.Name} at view {transfer.Point} for {Narrator.Name(_nodes[transfer.Joiner].Id)}");
        }
        if (App is not null && !fails)
            App.Capture(node, transfer);
        else
            SendState(node, transfer);
    }

    /// <summary>The first chunk of a captured state is due.</summary>
    public void SendState(SimNode node, SimTransfer transfer) => Add(node, SimEventKind.StateChunk, transfer.Interval, transfer);

    /// <summary>At the donor: the next chunk leaves. A cut holds it up, a reset ends the transfer.</summary>
    private void SendChunk(SimNode node, SimTransfer transfer)
    {
        SimNode to = _nodes[transfer.Joiner];
        SimLink link = Link(node.Index, transfer.Joiner);
        if (!to.Alive || to.Life != transfer.JoinerLife || (node.Index != to.Index && link.Generation != transfer.Generation))
            return;
        if (link.Cut)
        {
            Add(node, SimEventKind.StateChunk, 8_000, transfer);
            return;
        }
        _queue.Add(new SimEvent
        {
            Time = _now + Mix.MinDelay + (Mix.Jitter > 0 ? _stateRandom.Below(Mix.Jitter) : 0), Kind = SimEventKind.StateArrives,
            Node = to.Index, Life = to.Life, From = node.Index, Flag = --transfer.ChunksLeft == 0, Subject = transfer,
        });
        if (transfer.ChunksLeft > 0)
            Add(node, SimEventKind.StateChunk, transfer.Interval, transfer);
    }

    /// <summary>At the joiner: with the last chunk the state is restored, and what was held is handled.</summary>
    private void ReceiveChunk(SimNode node, in SimEvent e)
    {
        var transfer = (SimTransfer)e.Subject!;
        if (Awaiting(node, transfer) is not { State: { } state } group)
            return;
        state.ProgressAt = _now;
        if (!e.Flag)
            return;
        if (transfer.Bytes.Length == 0)
        {
            Tell(node, $"cannot have the state of {group.Name}: the capture failed");
            LeaveGroup(node, group);
            EndInput(node);
            return;
        }
        transfer.From = e.From;
        if (App is not null)
            App.Restore(node, transfer);
        else
            EndRestore(node, transfer);
        EndInput(node);
    }

    private static SimGroup? Awaiting(SimNode node, SimTransfer transfer) =>
        node.Groups.TryGetValue(transfer.Group, out SimGroup? group) && group.Slot == transfer.Slot && group.State is { Restored: false } state && state.Point == transfer.Point
            ? group
            : null;

    /// <summary>The joiner has the state, and what was held is handled.</summary>
    public void EndRestore(SimNode node, SimTransfer transfer)
    {
        if (Awaiting(node, transfer) is not { State: { } state } group)
            return;
        node.Trace.State(group.Traced, transfer.View, SimState.DigestOf(transfer.Bytes), StateRole.Joiner, _nodes[transfer.From].Trace.Index, _now * 1000);
        Tell(node, $"has the state of {group.Name} at view {transfer.Point}");
        Transfers++;
        state.Restore(transfer.Bytes);
        node.Core.StateRestored(transfer.Group, transfer.Slot);
    }

    private void CheckProgress(SimNode node, in SimEvent e)
    {
        SimGroup? group = node.FindGroup((string)e.Subject!);
        if (group?.State is not { Restored: false } state || state.Point != e.Number)
            return;
        if (_now - state.ProgressAt < StateTimeout)
        {
            _queue.Add(e with { Time = state.ProgressAt + StateTimeout });
            return;
        }
        Tell(node, $"gives up the transfer of {group.Name} at view {state.Point}");
        node.Core.StateFailed(group.Number, group.Slot, state.Point);
        _queue.Add(e with { Time = _now + StateTimeout });
        EndInput(node);
    }

    private static int AwaitingState(SimNode node)
    {
        int awaiting = 0;
        foreach (SimGroup group in node.Groups.Values)
            awaiting += group is { Member: >= 0, State.Restored: false } ? 1 : 0;
        return awaiting;
    }

    private void Tell(SimNode node, string what)
    {
        Story?.Invoke(_now, $"{node.Id} {what}");
        _script?.Tells(node, what);
    }
}
