using System.Collections.Generic;
using GroupComm.Core;
using GroupComm.Core.Messages;
using GroupComm.Testing.Laws;

namespace GroupComm.Testing.Simulation;

// For the exhaustive search: one input at a time, and the way back. Frames are kept by the search, not by the queue.
internal sealed partial class SimCluster
{
    /// <summary>Time between two ticks of the search.</summary>
    public static long ExploredTick => ScriptedTimes.Tick * 1000L;

    /// <summary>The node takes the frame now.</summary>
    public void Hand(SimNode from, SimNode to, Message message)
    {
        to.Core.Receive(from.Id, message, Ms, _effects);
        EndInput(to);
    }

    /// <summary>The node learns that the process is gone.</summary>
    public void HandGone(SimNode to, NodeId gone)
    {
        to.Core.LinkDown(gone, gone: true, "connection refused", Ms, _effects);
        EndInput(to);
    }

    /// <summary>Time goes on by one tick for everybody.</summary>
    public void TickAll()
    {
        _now += ExploredTick;
        foreach (SimNode node in _nodes)
        {
            if (!node.Alive)
                continue;
            node.Core.Tick(Ms, _effects);
            EndInput(node);
        }
    }

    /// <summary>Links that came up do so at once; ticks and clients of the queue do not count. Answers who learned of whose end.</summary>
    public void Settle(List<(SimNode To, NodeId Gone)> gone)
    {
        while (_queue.Count > 0)
        {
            SimEvent e = _queue.Take();
            switch (e.Kind)
            {
                case SimEventKind.LinkUp when _nodes[e.Node].Alive && _nodes[e.Node].Life == e.Life:
                    OnLinkUp(_nodes[e.Node], e);
                    break;
                case SimEventKind.LinkDown when _nodes[e.Node].Alive && _nodes[e.Node].Life == e.Life && e.Flag:
                    gone.Add((_nodes[e.Node], (NodeId)e.Subject!));
                    break;
                default:
                    break; // nobody comes back; time is the search's
            }
        }
    }

    /// <summary>What a step may change beside the nodes and their traces.</summary>
    public Mark SaveLinks()
    {
        var up = new List<(int At, bool Up, bool Cut, int Generation)>();
        for (int i = 0; i < _links.Length; i++)
            if (_links[i] is { } link)
                up.Add((i, link.Up, link.Cut, link.Generation));
        return new Mark(_now, [.. up]);
    }

    public void RestoreLinks(Mark mark)
    {
        _now = mark.Now;
        foreach ((int at, bool up, bool cut, int generation) in mark.Links)
            (_links[at]!.Up, _links[at]!.Cut, _links[at]!.Generation) = (up, cut, generation);
        _queue.Clear();
        _effects.Clear();
        _consumed.Clear();
    }

    public Verdict CheckSafety() => _checker.Check(History);

    internal sealed record Mark(long Now, (int At, bool Up, bool Cut, int Generation)[] Links);
}
