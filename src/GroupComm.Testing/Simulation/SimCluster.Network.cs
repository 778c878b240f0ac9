using System;
using System.Collections.Generic;
using GroupComm.Core.Messages;

namespace GroupComm.Testing.Simulation;

// Links: like TCP (in order, no loss but with a reset), or frame by frame as no TCP does.
internal sealed partial class SimCluster
{
    private readonly SimLink?[] _links = new SimLink?[256];

    /// <summary>One direction of a pair of nodes.</summary>
    private sealed class SimLink
    {
        public bool Up;
        public bool Cut;

        /// <summary>What is sent waits for the end of <see cref="LateProposal"/>.</summary>
        public bool Late;

        /// <summary>The sender is dead, but what it had sent is in the receiver's buffers and still arrives.</summary>
        public bool Draining;
        public int Generation;
        public long LastArrival;
        public List<Message> Queued { get; } = [];
    }

    private SimLink Link(int from, int to)
    {
        return _links[(from << 4) | to] ??= new SimLink();
    }

    private int Delay()
    {
        int delay = Mix.MinDelay + (Mix.Jitter > 0 ? _random.Below(Mix.Jitter) : 0);
        if (Mix.SpikePerMille > 0 && _faulting && _random.Chance(Mix.SpikePerMille))
        {
            Faults[(int)FaultKind.Delay]++;
            delay *= 20;
        }
        return delay;
    }

    private void Connect(SimNode a, SimNode b)
    {
        if (Link(a.Index, b.Index).Cut || Link(b.Index, a.Index).Cut)
            return;
        int delay = Delay();
        LinkUp(a, b, delay);
        LinkUp(b, a, delay);
    }

    private void LinkUp(SimNode node, SimNode peer, int delay)
    {
        SimLink link = Link(node.Index, peer.Index);
        link.Up = true;
        link.Draining = false;
        link.Late = false;
        link.Generation++;
        link.LastArrival = _now;
        link.Queued.Clear();
        _queue.Add(new SimEvent
        {
            Time = _now + delay, Kind = SimEventKind.LinkUp, Node = node.Index, Life = node.Life, From = peer.Index, Generation = link.Generation, Subject = peer.Id,
        });
    }

    private void OnLinkUp(SimNode node, in SimEvent e)
    {
        SimLink link = Link(node.Index, e.From);
        if (!link.Up || link.Generation != e.Generation)
            return;
        node.Core.LinkUp((NodeId)e.Subject!, Ms, _effects);
        EndInput(node);
    }

    private void OnLinkDown(SimNode node, in SimEvent e)
    {
        node.Core.LinkDown((NodeId)e.Subject!, e.Flag, "connection refused", Ms, _effects);
        EndInput(node);
    }

    private void Transmit(SimNode node, NodeId to, Message message)
    {
        if (_byId.TryGetValue(to, out SimNode? peer) && peer.Id == to)
            Transmit(node, peer, message);
    }

    private void Transmit(SimNode node, SimNode peer, Message message)
    {
        if (!peer.Alive)
            return;
        SimLink link = Link(node.Index, peer.Index);
        if (!link.Up || _script?.Passes(node, peer, message) == false)
            return;
        if (message is Propose proposal && Mix.LateProposalPerMille > 0)
            MakeLate(node, proposal);
        if (link.Late)
        {
            link.Queued.Add(message);
            return;
        }
        if (link.Cut)
        {
            if (!Mix.Datagrams && link.Queued.Count < 256)
                link.Queued.Add(message);
            else
                Watch?.Lost(node, peer, message, _now);
            return;
        }
        Occasion outer = _random.Enter(OccasionKind.Frame, node.Index, peer.Index);
        if (!Mix.Datagrams)
            SendFrame(node, peer, link, message, link.LastArrival = Math.Max(link.LastArrival, _now + Delay()));
        else
            TransmitDatagram(node, peer, link, message);
        _random.Leave(outer);
    }

    private void TransmitDatagram(SimNode node, SimNode peer, SimLink link, Message message)
    {
        if (_faulting && _random.Chance(Mix.DropPerMille))
        {
            Faults[(int)FaultKind.Drop]++;
            Watch?.Lost(node, peer, message, _now);
            return;
        }
        SendFrame(node, peer, link, message, _now + Delay());
        if (_faulting && _random.Chance(Mix.DuplicatePerMille))
        {
            Faults[(int)FaultKind.Duplicate]++;
            SendFrame(node, peer, link, message, _now + Delay());
        }
    }

    private void SendFrame(SimNode node, SimNode peer, SimLink link, Message message, long arrival)
    {
        _queue.Add(new SimEvent
        {
            Time = arrival, Kind = SimEventKind.Frame, Node = peer.Index, Life = peer.Life, From = node.Index, Generation = link.Generation, Number = node.Life, Subject = message,
        });
        Watch?.Sent(node, peer, message, _now, arrival);
    }

    private void OnFrame(SimNode node, in SimEvent e)
    {
        SimNode from = _nodes[e.From];
        SimLink link = Link(e.From, node.Index);
        if (link.Generation != e.Generation || !(link.Up || link.Draining) || from.Life != e.Number)
            return;
        Watch?.Received(from, node, (Message)e.Subject!, _now);
        node.Core.Receive(from.Id, (Message)e.Subject!, Ms, _effects);
        EndInput(node);
    }

    /// <summary>The process is gone: its links close, and whoever can reach its machine finds the port shut.</summary>
    private void Kill(SimNode node)
    {
        node.Alive = false;
        node.Paused = false;
        node.Waiting.Clear();
        foreach (SimNode peer in _nodes)
        {
            if (peer == node)
                continue;
            SimLink there = Link(node.Index, peer.Index), back = Link(peer.Index, node.Index);
            bool reachable = !there.Cut && !back.Cut;
            bool wasUp = back.Up;
            (there.Up, back.Up) = (false, false);
            there.Draining = wasUp && _random.Chance(_faulting ? 600 : 0); // survivors hold different suffixes of what it sent
            if (!there.Draining)
                there.Generation++;
            back.Generation++;
            there.Queued.Clear();
            back.Queued.Clear();
            if (peer.Alive && reachable && wasUp)
                NotifyDown(peer, node.Id, gone: true, (int)Math.Max(there.Draining ? there.LastArrival - _now : 0, 0) + Delay());
        }
    }

    private void NotifyDown(SimNode peer, NodeId of, bool gone, int delay) => _queue.Add(new SimEvent
    {
        Time = _now + delay, Kind = SimEventKind.LinkDown, Node = peer.Index, Life = peer.Life, Flag = gone, Subject = of,
    });

    /// <summary>The connection breaks; what is in flight is lost; both ends dial again.</summary>
    private void ResetLink(SimNode a, SimNode b)
    {
        SimLink there = Link(a.Index, b.Index), back = Link(b.Index, a.Index);
        if (!there.Up || !back.Up)
            return;
        (there.Up, back.Up) = (false, false);
        there.Generation++;
        back.Generation++;
        there.Queued.Clear();
        back.Queued.Clear();
        NotifyDown(a, b.Id, gone: false, 1);
        NotifyDown(b, a.Id, gone: false, 1);
        if (a.Alive && b.Alive && !there.Cut && !back.Cut)
        {
            int delay = _script is null ? _random.Between(2, 20_000) : ScriptedHop;
            LinkUp(a, b, delay);
            LinkUp(b, a, delay);
        }
    }

    private void CutDirection(int from, int to) => Link(from, to).Cut = true;

    /// <summary>The direction works again: what TCP kept arrives, or the connection was given up and is made anew.</summary>
    private void Uncut(int from, int to)
    {
        SimLink link = Link(from, to);
        if (!link.Cut)
            return;
        link.Cut = false;
        SimNode a = _nodes[from], b = _nodes[to];
        if (!a.Alive || !b.Alive || Link(to, from).Cut)
            return;
        if (!link.Up || !Link(to, from).Up)
        {
            Connect(a, b);
            return;
        }
        if (link.Queued.Count >= 256 || (_script is null && _random.Chance(300)))
        {
            ResetLink(a, b);
            return;
        }
        Flush(a, b);
        Flush(b, a);
    }

    private void Flush(SimNode from, SimNode to)
    {
        SimLink link = Link(from.Index, to.Index);
        if (link.Late)
            return;
        foreach (Message message in link.Queued)
            SendFrame(from, to, link, message, link.LastArrival = Math.Max(link.LastArrival, _now + Delay()));
        link.Queued.Clear();
    }
}
