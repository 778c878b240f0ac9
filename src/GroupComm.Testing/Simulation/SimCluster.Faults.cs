using System;
using System.Collections.Generic;
using GroupComm.Core;
using GroupComm.Core.Messages;
using GroupComm.Core.Streams;

namespace GroupComm.Testing.Simulation;

// The nemesis and the clients.
internal sealed partial class SimCluster
{
    private const int HealingPerMille = 150;

    private readonly byte[] _buffer = new byte[128];

    private void ScheduleFault()
    {
        Occasion outer = _random.Enter(OccasionKind.Gap);
        _queue.Add(new SimEvent { Time = _now + _random.Between(Mix.FaultInterval / 4, Mix.FaultInterval * 2), Kind = SimEventKind.Fault });
        _random.Leave(outer);
    }

    private void InjectFault()
    {
        FaultKind kind = Mix.DrawFault(_random);
        for (int more = 0; Mix.Dense && more < 4 && Faults[(int)kind] > 0; more++)
            kind = Mix.DrawFault(_random); // what was not there yet
        SimNode node = _nodes[_random.Below(_nodes.Count)];
        SimNode other = _nodes[_random.Below(_nodes.Count)];
        switch (kind)
        {
            case FaultKind.Crash when node.Alive:
                Crash(node);
                break;
            case FaultKind.Restart when node.Alive:
                Crash(node);
                StartNode(node, _random.Between(500, 120_000));
                break;
            case FaultKind.Pause when node.Alive && !node.Paused:
                Story?.Invoke(_now, $"fault: {node.Id} is paused");
                node.Paused = true;
                _queue.Add(new SimEvent { Time = _now + _random.Between(5, 400) * 1000, Kind = SimEventKind.Resume, Node = node.Index, Life = node.Life });
                break;
            case FaultKind.CutPair when node != other:
                CutFor(node.Index, other.Index, _random.Between(5, 350) * 1000, both: true);
                break;
            case FaultKind.CutOneWay when node != other:
                CutFor(node.Index, other.Index, _random.Between(5, 350) * 1000, both: false);
                break;
            case FaultKind.Isolate:
                int alone = _random.Between(5, 350) * 1000;
                foreach (SimNode peer in _nodes)
                    if (peer != node)
                        CutFor(node.Index, peer.Index, alone, both: true);
                break;
            case FaultKind.Partition:
                Partition();
                break;
            case FaultKind.Reset when node != other && node.Alive && other.Alive:
                Story?.Invoke(_now, $"fault: reset {node.Name}-{other.Name}");
                ResetLink(node, other);
                break;
            case FaultKind.FalseSuspicion when node != other && node.Alive && !node.Paused && other.Alive:
                Story?.Invoke(_now, $"fault: {node.Id} suspects {other.Id}");
                node.Core.Suspect(other.Id, "false suspicion", Ms, _effects);
                EndInput(node);
                break;
            case FaultKind.JoinNode when _nodes.Count < 9:
                StartNode(AddNode());
                break;
            case FaultKind.LeaveNode when node.Alive && !node.Paused && !node.LeaveAsked && LiveCount() > 1:
                Story?.Invoke(_now, $"fault: {node.Id} leaves");
                AskToLeave(node);
                break;
            case FaultKind.JoinGroup when App is null && node.Alive && !node.Paused && node.View is not null && JoinGroup(node, Mix.SecondGroup && (_random.Chance(500) || node.Asked.ContainsKey("g")) ? "h" : "g"):
                break;
            case FaultKind.LeaveGroup when App is null && FindMember(node.Index) is { } host && LeaveGroup(host, host.Groups.Values[_random.Below(host.Groups.Count)]):
                break;
            case FaultKind.Ring when CutToRing(_random.Between(50, 350) * 1000):
                break;
            case FaultKind.IsolateCoordinator when FindCoordinator() is { } coordinator:
                CutOff(coordinator, _random.Below(6), _random.Between(50, 350) * 1000);
                break;
            case FaultKind.IsolateJoiner when FindJoiner() is { } joiner && other != joiner:
                int way = _random.Below(3);
                CutFor(way == 1 ? other.Index : joiner.Index, way == 1 ? joiner.Index : other.Index, _random.Between(50, 350) * 1000, both: way == 0);
                break;
            case FaultKind.HerdCrash when LiveCount() > 1:
                CrashHerd();
                break;
            case FaultKind.HerdJoin when _nodes.Count < 8:
                for (int more = _random.Between(2, 9 - _nodes.Count); more > 0; more--)
                    StartNode(AddNode(), _random.Below(3_000));
                if (Mix.DieAtInstallPerMille > 0)
                    foreach (SimNode dead in _nodes)
                        if (!dead.Alive && dead.Life > 0)
                            StartNode(dead, _random.Below(3_000));
                break;
            case FaultKind.HerdLeave when LiveCount() > 2:
                LeaveAsHerd();
                break;
            default:
                return;
        }
        Faults[(int)kind]++;
    }

    private void Crash(SimNode node)
    {
        Story?.Invoke(_now, $"fault: {node.Id} crashes");
        Kill(node);
    }

    /// <summary>At most all but one. Before they die their last words reach only some: what few hold is what a cut must not rely on.</summary>
    private void CrashHerd()
    {
        int dying = _random.Between(1, LiveCount() - 1);
        int time = _random.Between(1, 40) * 1000;
        foreach (SimNode node in _nodes)
        {
            if (!node.Alive || dying == 0 || _random.Chance(400))
                continue;
            dying--;
            Story?.Invoke(_now, $"fault: {node.Id} will die with others");
            foreach (SimNode peer in _nodes)
                if (peer != node && _random.Chance(500))
                    CutFor(node.Index, peer.Index, time + 1000, both: false);
            _queue.Add(new SimEvent { Time = _now + _random.Between(time / 2, time), Kind = SimEventKind.Die, Node = node.Index, Life = node.Life });
        }
    }

    private void LeaveAsHerd()
    {
        int leaving = _random.Between(2, LiveCount() - 1);
        foreach (SimNode node in _nodes)
        {
            if (!node.Alive || node.Paused || node.LeaveAsked || leaving-- <= 0)
                continue;
            Story?.Invoke(_now, $"fault: {node.Id} leaves with others");
            AskToLeave(node);
        }
    }

    private void AskToLeave(SimNode node)
    {
        node.LeaveAsked = true;
        node.LeaveAskedAt = _now;
        node.Core.LeaveCluster(Ms, _effects);
        EndInput(node);
    }

    private int LiveCount()
    {
        int live = 0;
        foreach (SimNode node in _nodes)
            live += node.Alive && !node.LeaveAsked ? 1 : 0;
        return live;
    }

    private void CutFor(int a, int b, long time, bool both)
    {
        Story?.Invoke(_now, $"fault: cut {_nodes[a].Name}{(both ? "-" : ">")}{_nodes[b].Name} for {time / 1000} ms");
        CutDirection(a, b);
        _queue.Add(new SimEvent { Time = _now + time, Kind = SimEventKind.Uncut, Node = a, From = b });
        if (!both)
            return;
        CutDirection(b, a);
        _queue.Add(new SimEvent { Time = _now + time, Kind = SimEventKind.Uncut, Node = b, From = a });
    }

    /// <summary>Both ways (0), deaf (1) or mute (2); from 3 on towards some only.</summary>
    private void CutOff(SimNode node, int way, int time)
    {
        bool some = way >= 3;
        way %= 3;
        foreach (SimNode peer in _nodes)
            if (peer != node && !(some && _random.Chance(500)))
                CutFor(way == 1 ? peer.Index : node.Index, way == 1 ? node.Index : peer.Index, time, both: way == 0);
    }

    /// <summary>False when too few are up for a ring.</summary>
    private bool CutToRing(int time)
    {
        var live = new List<SimNode>();
        foreach (SimNode node in _nodes)
            if (node.Alive)
                live.Add(node);
        if (live.Count < 4)
            return false;
        for (int a = 0; a < live.Count; a++)
            for (int b = a + 2; b < live.Count; b++)
                if (a != 0 || b != live.Count - 1)
                    CutFor(live[a].Index, live[b].Index, time, both: true);
        return true;
    }

    private SimNode? FindCoordinator()
    {
        InstalledView? last = null;
        foreach (SimNode node in _nodes)
            if (node.Alive && node.View is { } view && (last is null || view.Key.CompareTo(last.Key) > 0))
                last = view;
        return last is not null && _byId.TryGetValue(last.Members[0].Id, out SimNode? first) && first.Alive ? first : null;
    }

    private SimNode? FindJoiner()
    {
        foreach (SimNode node in _nodes)
            if (node.Alive && node.View is null)
                return node;
        return null;
    }

    private void Partition()
    {
        int side = _random.Below(1 << _nodes.Count);
        int time = _random.Between(5, 350) * 1000;
        for (int a = 0; a < _nodes.Count; a++)
            for (int b = 0; b < a; b++)
                if (((side >> a) & 1) != ((side >> b) & 1))
                    CutFor(a, b, time, both: true);
    }

    private void ResumeNode(SimNode node, int life)
    {
        if (!node.Alive || node.Life != life || !node.Paused)
            return;
        Story?.Invoke(_now, $"{node.Id} goes on");
        node.Paused = false;
        SimEvent[] waiting = [.. node.Waiting];
        node.Waiting.Clear();
        foreach (SimEvent e in waiting)
            if (e.Kind is SimEventKind.Tick)
                Handle(e); // a process that wakes notices its gap first
        foreach (SimEvent e in waiting)
            if (e.Kind is not SimEventKind.Tick)
                Handle(e);
    }

    private void JoinGroups(SimNode node)
    {
        if (_random.Chance(500))
            JoinGroup(node, "g");
        if (Mix.SecondGroup && _random.Chance(600))
            JoinGroup(node, "h");
    }

    private bool JoinGroup(SimNode node, string name)
    {
        if (!node.Asked.TryAdd(name, node.NextSlot + 1))
            return false;
        node.Core.ChangeGroup(JoinChange(name, ++node.NextSlot), _effects);
        return true;
    }

    /// <summary>The first node from there on that is up and knows a group.</summary>
    private SimNode? FindMember(int from)
    {
        for (int i = 0; i < _nodes.Count; i++)
        {
            SimNode node = _nodes[(from + i) % _nodes.Count];
            if (node.Alive && !node.Paused && node.Groups.Count > 0)
                return node;
        }
        return null;
    }

    private GroupChange JoinChange(string name, int slot) =>
        new(true, name, slot, $"m{slot}", new GroupTraits(true, name == "h" && Mix.AgreedOnlyGroup, HasState(name) && Mix.StartEmpty), "join", DrawProvider(name));

    private bool LeaveGroup(SimNode node, SimGroup group)
    {
        if (group.Member < 0 || group.LeaveAsked)
            return false;
        group.LeaveAsked = true;
        node.Core.ChangeGroup(new GroupChange(false, group.Name, group.Slot, History.MemberAt(group.Member).Name, null, "leave"), _effects);
        return true;
    }

    private void RunClient(SimNode node)
    {
        if (_clientsStopped || node.LeaveAsked)
            return;
        if (App is not null)
        {
            App.RunClient(node);
            EndInput(node);
            return;
        }
        if (!_faulting && !_stablePhase && !_random.Chance(HealingPerMille))
            return; // what is sent while the cluster comes together finds little and costs most
        int count = _random.Between(1, Mix.MaxBurst);
        for (int i = 0; i < count && node.Groups.Count > 0; i++)
        {
            Occasion outer = _random.Enter(OccasionKind.Send, node.Index);
            if (!_random.IsCutOut)
                SendOne(node, node.Groups.Values[_random.Below(node.Groups.Count)], Mix.DrawOrder(_random));
            _random.Leave(outer);
        }
        RunExchanges(node);
        EndInput(node);
    }

    private void SendAtWedge(SimNode wedged)
    {
        Occasion outer = _random.Enter(OccasionKind.Client, wedged.Index);
        foreach (SimNode node in _nodes)
            if (node != wedged && node.Alive && !node.Core.IsWedged && node.Groups.Count > 0)
                Add(node, SimEventKind.Burst, _random.Below(4 * (Mix.MinDelay + Mix.Jitter)));
        _random.Leave(outer);
    }

    private bool SendOne(SimNode node, SimGroup group, DeliveryOrder order)
    {
        if (group.AgreedOnly && order < DeliveryOrder.Agreed)
            order = DeliveryOrder.Agreed;
        int size = _random.Chance(Mix.LargePerMille) ? _random.Between(25, 100) : 8;
        SimPayload.Write(_buffer, ++_payload);
        if (Mix.Handlers.Active)
            _buffer[AnswersAt] = (byte)(_clientsStopped ? 0 : Mix.Handlers.Answers);
        bool member = group.Member >= 0 && !group.LeaveAsked && _random.Chance(900);
        Admission admission = node.Gate.TrySubmit(group.Number, member ? group.Slot : 0, null, order, _buffer.AsSpan(0, size), false, out GroupComm.Core.ViewKey view, out long sequence);
        if (admission != Admission.Admitted)
            return false;
        if (!node.Primary)
            node.AcceptedWhileNotPrimary++;
        if (_rules.CausalThroughSequencer && order == DeliveryOrder.Causal)
            _asCausal.Add((node.Index, view.Id, sequence));
        return true;
    }
}
