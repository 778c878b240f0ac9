using System;
using System.Collections.Generic;
using GroupComm.Core;
using GroupComm.Core.Messages;
using GroupComm.Core.Streams;

namespace GroupComm.Testing.Simulation;

// What an application on the cluster may do.
internal sealed partial class SimCluster
{
    /// <summary>Handlers and clients of an application; null: the built-in ones.</summary>
    public ISimApp? App { get; set; }

    /// <summary>The schedule waits for quiet: nobody sends by himself any more.</summary>
    public bool ClientsStopped => _clientsStopped;

    public ulong Seed => _seed;

    /// <summary>Draws of the nodes' clients.</summary>
    public SimRandom Random => _random;

    /// <summary>Does <paramref name="work"/> at the node after so many microseconds, if its machine is up then; not while it is paused.</summary>
    public void Later(SimNode node, long delay, object work) =>
        _queue.Add(new SimEvent { Time = _now + delay, Kind = SimEventKind.App, Node = node.Index, Life = node.Life, Subject = work });

    /// <summary>How long a slow consumer makes the next delivery wait; 0 in most schedules.</summary>
    public int DrawConsumerDelay()
    {
        if (!Mix.SlowConsumers || !_faulting)
            return 0;
        Faults[(int)FaultKind.SlowConsumer]++;
        return _random.Between(100, 20_000);
    }

    /// <summary>Joins the node to a group; the slot, or 0 when it has a member there.</summary>
    public int Join(SimNode node, string group, Func<int, GroupChange> change)
    {
        if (!node.Asked.TryAdd(group, node.NextSlot + 1))
            return 0;
        node.Core.ChangeGroup(change(++node.NextSlot), _effects);
        return node.NextSlot;
    }

    public void LeaveMember(SimNode node, string group)
    {
        if (node.FindGroup(group) is { } known)
            LeaveGroup(node, known);
    }

    public void LeaveCluster(SimNode node)
    {
        node.LeaveAsked = true;
        node.Core.LeaveCluster(Ms, _effects);
    }

    /// <summary>Credit for what was handled.</summary>
    public void Handled(SimNode node, ViewKey view, int rank, long upTo)
    {
        if (node.Alive)
            node.Core.Consumed(view, rank, upTo);
    }

    /// <summary>Begins a barrier read; its number, or why it cannot be.</summary>
    public long Read(SimNode node, out string? refusal)
    {
        refusal = node.Core.StartRead(++node.LastRead);
        if (refusal is null)
            node.Reads.Enqueue((node.LastRead, _now));
        return node.LastRead;
    }

    private void RunApp(SimNode node, in SimEvent e)
    {
        if (node.Paused && node.Life == e.Life)
        {
            node.Waiting.Add(e);
            return;
        }
        App!.Run(node, e.Subject!);
        EndInput(node);
    }
}
