using System;
using System.Collections.Generic;
using GroupComm.Core;
using GroupComm.Core.Flow;
using GroupComm.Core.Messages;
using GroupComm.Core.Streams;
using GroupComm.Testing.Traces;

namespace GroupComm.Testing.Simulation;

// Handlers that take time, as the runtime's pump runs them: by conflict key, credited when handled, sending inside.
internal sealed partial class SimCluster
{
    // The byte of a payload that says how often it is answered; the number of a message never reaches it.
    private const int AnswersAt = 7;

    /// <summary>The conflict key of a message; 0: none, it conflicts with everything.</summary>
    private int KeyOf(ulong hash) => Mix.Handlers.Active ? (int)(hash % (ulong)(Mix.Handlers.Keys + 1)) : 0;

    private int TracedKey(ulong hash) => KeyOf(hash) is > 0 and int key ? History.Key(KeyNames[key]) : 0;

    private static readonly string[] KeyNames = ["", "k1", "k2", "k3", "k4", "k5", "k6"];

    private SimUnit OpenUnit(SimNode node, ViewKey view, int rank, long upTo)
    {
        if (!node.Unconsumed.TryGetValue((view, rank), out Queue<SimUnit>? stream))
            node.Unconsumed.Add((view, rank), stream = new Queue<SimUnit>());
        SimUnit unit = new(upTo);
        stream.Enqueue(unit);
        return unit;
    }

    /// <summary>Reports what is handled as a prefix of the stream.</summary>
    private void CloseUnits(SimNode node)
    {
        foreach (((ViewKey view, int rank), Queue<SimUnit> stream) in node.Unconsumed)
        {
            long upTo = 0;
            while (stream.TryPeek(out SimUnit? unit) && unit.Open == 0)
                upTo = stream.Dequeue().UpTo;
            if (upTo > 0)
                _consumed.Add((view, rank, upTo));
        }
    }

    private void HandleMessage(SimNode node, SimGroup group, int sender, long view, long sequence, ulong hash, byte answers, SimUnit unit)
    {
        SimMember member = MemberOf(node, group);
        unit.Open++;
        Admit(node, new SimTask(member, sender, view, sequence, KeyOf(hash), answers, unit));
    }

    private void HandleView(SimNode node, SimGroup group) =>
        Admit(node, new SimTask(MemberOf(node, group), -1, group.View.View, group.View.Number, 0, 0, null));

    private SimMember MemberOf(SimNode node, SimGroup group)
    {
        if (!node.Members.TryGetValue(group.Member, out SimMember? member))
            node.Members.Add(group.Member, member = new SimMember(group.Member, group.Slot, group, Mix.Handlers.Limit, Mix.Handlers.Timeout, _rules));
        return member;
    }

    private void Admit(SimNode node, SimTask task)
    {
        task.Member.Backlog.Enqueue(task);
        AdmitBacklog(node, task.Member);
    }

    private void AdmitBacklog(SimNode node, SimMember member)
    {
        while (member.Schedule.HasRoom && member.Backlog.TryDequeue(out SimTask? task))
        {
            task.Item = task.Sender < 0 ? member.Schedule.AdmitBarrier() : member.Schedule.Admit(task.Key == 0 ? null : task.Key);
            member.Admitted.Add(task.Item, task);
        }
        while (member.Schedule.TryStart(out int item))
            Begin(node, member.Admitted[item]);
    }

    private void Begin(SimNode node, SimTask task)
    {
        HandlerMix mix = Mix.Handlers;
        node.Trace.Handle(begin: true, task.Member.Group.Traced, task.Member.Number, task.Sender, task.View, task.Sequence, _now * 1000);
        if (_faulting && mix.StuckPerMille > 0 && mix.Random.Chance(mix.StuckPerMille))
        {
            task.Stuck = true;
            Faults[(int)FaultKind.StuckConsumer]++;
            Story?.Invoke(_now, $"fault: a handler of {History.MemberName(task.Member.Number)} does not return");
            return;
        }
        bool slow = Mix.SlowConsumers && _faulting && !mix.AllSend;
        Faults[(int)FaultKind.SlowConsumer] += slow ? 1 : 0;
        Add(node, SimEventKind.HandlerEnd, slow ? mix.Random.Between(100, 20_000) : mix.Random.Between(mix.Shortest, mix.Longest), task);
    }

    /// <summary>A handler is at its end: it answers first, and that must never wait for what it holds itself.</summary>
    private void EndHandler(SimNode node, SimTask task)
    {
        if (!node.Members.TryGetValue(task.Member.Number, out SimMember? member) || member != task.Member)
            return; // dropped meanwhile
        if (task.Answers > 0 && Answer(node, task) == Admission.Wait)
        {
            task.WaitsToSend = true;
            return;
        }
        Complete(node, task);
    }

    private Admission Answer(SimNode node, SimTask task)
    {
        SimGroup group = task.Member.Group;
        if (!node.Groups.ContainsKey(group.Number) || node.LeaveAsked)
            return Admission.NoGroup;
        BitConverter.TryWriteBytes(_buffer, ++_payload);
        _buffer[AnswersAt] = (byte)(task.Answers - 1);
        bool member = group.Member == task.Member.Number && !group.LeaveAsked;
        DeliveryOrder order = group.AgreedOnly ? DeliveryOrder.Agreed : (DeliveryOrder)(1 + (int)((ulong)_payload % 4));
        Admission admission = node.Gate.TrySubmit(
            group.Number, member ? group.Slot : 0, null, order, _buffer.AsSpan(0, 8), fromHandler: true, out ViewKey view, out long sequence);
        if (admission == Admission.Admitted && _rules.CausalThroughSequencer && order == DeliveryOrder.Causal)
            _asCausal.Add((node.Index, view.Id, sequence));
        return admission;
    }

    private void Complete(SimNode node, SimTask task)
    {
        node.Trace.Handle(begin: false, task.Member.Group.Traced, task.Member.Number, task.Sender, task.View, task.Sequence, _now * 1000);
        SimMember member = task.Member;
        member.Schedule.Complete(task.Item);
        member.Admitted.Remove(task.Item);
        member.Completed++;
        if (task.Unit is not null)
            task.Unit.Open--;
        AdmitBacklog(node, member);
        CloseUnits(node);
    }

    /// <summary>A handler does not return and its member is still to be removed: this fault heals by the protocol alone.</summary>
    private bool AwaitsRemoval()
    {
        foreach (SimNode node in _nodes)
            foreach (SimMember member in node.Members.Values)
                foreach (SimTask task in member.Admitted.Values)
                    if (task.Stuck && node.Alive)
                        return !_rules.SlowConsumerStays;
        return false;
    }

    /// <summary>How much all members have handled.</summary>
    private long Handled()
    {
        long sum = 0;
        foreach (SimNode node in _nodes)
            foreach (SimMember member in node.Members.Values)
                sum += member.Completed;
        return sum;
    }

    /// <summary>Handlers that wait for a view or group change to send try again.</summary>
    private void RetryAnswers(SimNode node)
    {
        if (!Mix.Handlers.Active)
            return;
        for (int m = 0; m < node.Members.Count; m++)
        {
            SimMember member = node.Members.GetValueAtIndex(m);
            for (int i = 0; i < member.Admitted.Count; i++)
            {
                SimTask task = member.Admitted.GetValueAtIndex(i);
                if (!task.WaitsToSend || Answer(node, task) == Admission.Wait)
                    continue;
                task.WaitsToSend = false;
                Add(node, SimEventKind.HandlerEnd, 0, task with { Answers = 0 });
            }
        }
    }

    /// <summary>Members that stand still are asked to leave by their own node.</summary>
    private void WatchConsumers(SimNode node)
    {
        // When all send with a window of 1, nobody is removed: that would hide a handler that waits for itself.
        if (!Mix.Handlers.Active || Mix.Handlers.AllSend || _rules.SlowConsumerStays)
            return;
        for (int i = node.Members.Count - 1; i >= 0; i--)
        {
            SimMember member = node.Members.GetValueAtIndex(i);
            if (member.Watch.Look(Ms, member.IsBusy, member.Completed, member.Backlog.Count, exempt: false) != ConsumerVerdict.Remove)
                continue;
            Story?.Invoke(_now, $"{History.MemberName(member.Number)} stands still and is removed");
            member.Removed = true;
            if (member.Group.Member != member.Number)
            {
                DropMember(node, member.Number); // it has left already, and its handlers have not ended
                continue;
            }
            member.Group.LeaveAsked = true; // as with any leave: it sends no more as a member
            node.Core.ChangeGroup(
                new GroupChange(false, member.Group.Name, member.Slot, History.MemberAt(member.Number).Name, null, ConsumerWatch.Reason), _effects);
        }
    }

    /// <summary>The member is out of its group: what waited for it is dropped and credited.</summary>
    private void DropMember(SimNode node, int number)
    {
        if (!node.Members.Remove(number, out SimMember? member))
            return;
        foreach (SimTask task in member.Admitted.Values)
            if (task.Unit is not null)
                task.Unit.Open--;
        foreach (SimTask task in member.Backlog)
            if (task.Unit is not null)
                task.Unit.Open--;
        CloseUnits(node);
    }
}
