using System;
using GroupComm.Core;

namespace GroupComm.Testing.Simulation;

// Two machines with one name: one is cut off, and another is started in its place. Which of them has the name in the end is for
// the protocol to say; the other goes.
internal sealed partial class SimCluster
{
    // Links are kept for 16 machines.
    private const int MostMachines = 14;

    private SimRandom _takeovers = new(0);

    private void ScheduleTakeovers()
    {
        for (int i = 0; i < Mix.Takeovers; i++)
            _queue.Add(new SimEvent { Time = _now + _takeovers.Below(Mix.FaultTime), Kind = SimEventKind.Takeover });
    }

    private void TakeOver()
    {
        SimNode old = _nodes[_takeovers.Below(_nodes.Count)];
        int time = _takeovers.Between(100, 450) * 1000;
        int wait = _takeovers.Below(time);
        bool meet = _takeovers.Chance(500);
        if (!_faulting || !old.Alive || old.View is null || _nodes.Count >= MostMachines)
            return;
        foreach (SimNode peer in _nodes)
            if (peer != old)
                CutFor(old.Index, peer.Index, time, both: true);
        var fresh = new SimNode(_nodes.Count, old.Name, old.Seat);
        _nodes.Add(fresh);
        Story?.Invoke(_now, $"fault: another machine takes the name of {old.Id}");
        if (!meet)
            CutFor(old.Index, fresh.Index, time, both: true);
        StartNode(fresh, wait);
        Faults[(int)FaultKind.Takeover]++;
    }

    /// <summary>Two machines that seek a first view under one name would be two voters with one vote: nobody may do that
    /// (docs/protocol/identity-and-bootstrap.md). Of two without a view that on which the name was first stays. False: the node stays down.</summary>
    private bool IsOnlyOne(SimNode node)
    {
        if (!IsFounder(node))
            return true;
        foreach (SimNode other in _nodes)
        {
            if (other == node || other.Seat != node.Seat || !other.Alive || other.View is not null)
                continue;
            SimNode stays = node.Seat == node.Index ? node : other, goes = stays == node ? other : node;
            Story?.Invoke(_now, $"{goes.Name} is not started on two machines");
            goes.Left = true;
            if (goes == node)
                return false;
            Finish(goes, rejoin: false);
        }
        return true;
    }

    /// <summary>Members whose process is gone are dialled again and again: refused, or somebody else answers there.</summary>
    private void DialTheGone(SimNode node)
    {
        if (Mix.Takeovers == 0 || node.View is not { } view)
            return;
        foreach (NodeInfo member in view.Members)
            if (_byId[member.Id] is { } machine && (machine.Id != member.Id || !machine.Alive)
                && !Link(node.Index, machine.Index).Cut && !Link(machine.Index, node.Index).Cut)
                node.Core.LinkDown(member.Id, gone: true, "connection refused", Ms, _effects);
    }

    /// <summary>Founders are names.</summary>
    private bool IsFounder(SimNode node) => node.Seat < Mix.Nodes;

    /// <summary>A machine that took a name joins what is there, as long as that which had it first may come back.</summary>
    private bool MayFound(SimNode node) => IsFounder(node) && (node.Seat == node.Index || _nodes[node.Seat] is { Alive: false, Left: true });

    /// <summary>The highest incarnation that the name has had, on whatever machine.</summary>
    private long LastLife(SimNode node)
    {
        long last = 0;
        foreach (SimNode other in _nodes)
            if (other.Seat == node.Seat)
                last = Math.Max(last, other.Incarnation);
        return last;
    }

    /// <summary>Another has the name: never by itself, but somebody may start the process again; not for ever, with another machine in a
    /// view under that name.</summary>
    private void LoseName(SimNode node)
    {
        bool other = _nodes.Exists(each => each != node && each.Seat == node.Seat && each.Alive && each.View is not null && !each.LeaveAsked);
        node.Left = other && (!_faulting || _takeovers.Chance(500));
        Finish(node, rejoin: !node.Left);
    }

    /// <summary>Who is cut off from every quorum speaks for no view: it may be the very life whose name is asked for.</summary>
    private static void CheckSpeaker(SimNode node)
    {
        if (!node.Primary)
            throw new InvariantException("LV-6", $"{node.Id} refuses a newcomer because of its name although it is not primary");
    }
}
