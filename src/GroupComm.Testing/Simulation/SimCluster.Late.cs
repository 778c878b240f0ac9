using GroupComm.Core.Messages;

namespace GroupComm.Testing.Simulation;

/// <summary>A proposal that the network keeps until its receivers have promised more.</summary>
internal sealed record LateProposal(long Number, int Owner, int Successor, Core.ViewKey View, Ballot Ballot);

// Faults at the steps of a view change where chance seldom strikes. The oldest trap of consensus: an acceptor meets a proposal that it
// must no longer accept; one late proposal at a time.
internal sealed partial class SimCluster
{
    private LateProposal? _late;
    private long _lateNumber;

    /// <summary>At the first frame of a proposal. Which are chosen depends on seed and ballot alone, so that a smaller schedule chooses alike.</summary>
    private void MakeLate(SimNode owner, Propose proposal)
    {
        if (!_faulting || _late is not null || proposal.View.IsBootstrap || owner.LateBallot == (proposal.View, proposal.Ballot))
            return;
        owner.LateBallot = (proposal.View, proposal.Ballot);
        var random = new SimRandom(_seed ^ (ulong)((proposal.View.Id << 24) + (proposal.Ballot.Round << 8) + owner.Index));
        if (!random.Chance(Mix.LateProposalPerMille) || FindSuccessor(owner, random) is not { } successor)
            return;
        _late = new LateProposal(++_lateNumber, owner.Index, successor.Index, proposal.View, proposal.Ballot);
        Faults[(int)FaultKind.LateProposal]++;
        Story?.Invoke(_now, $"fault: the proposal of {owner.Id} under ballot {proposal.Ballot} comes late, and {owner.Name} does not hear {successor.Name}");
        foreach (SimNode peer in _nodes)
        {
            if (peer == owner)
                continue;
            Link(owner.Index, peer.Index).Late = true;
            if (peer.Alive && random.Chance(850))
                Add(peer, SimEventKind.LateSuspect, random.Below(10_000), owner);
        }
        Link(successor.Index, owner.Index).Late = true;
        _queue.Add(new SimEvent { Time = _now + Mix.LateTime, Kind = SimEventKind.LateEnd, Number = _late.Number });
    }

    /// <summary>The receivers do not wait for the owner.</summary>
    private void SuspectLate(SimNode node, SimNode owner)
    {
        node.Core.Suspect(owner.Id, "false suspicion", Ms, _effects);
        EndInput(node);
    }

    /// <summary>Who would start the next ballot, as a rule.</summary>
    private SimNode? FindSuccessor(SimNode owner, SimRandom random)
    {
        SimNode? other = null;
        foreach (Core.NodeInfo member in owner.View!.Members)
            if (_byId.TryGetValue(member.Id, out SimNode? node) && node.Alive && node != owner && (other is null || random.Chance(200)))
                other = node;
        return other;
    }

    /// <summary>Crashes after the install and before the words behind it: those whom the view admits may not know of it.</summary>
    private void MayDieAtInstall(SimNode node)
    {
        if (!_faulting || node.View!.Key.Id == 1)
            return;
        var random = new SimRandom(_seed ^ (ulong)((node.View.Key.Id << 16) + (node.Index << 8) + node.Life));
        if (!random.Chance(Mix.DieAtInstallPerMille))
            return;
        Faults[(int)FaultKind.CrashAtInstall]++;
        Crash(node);
    }

    /// <summary>A receiver that promised more, or went on, gets what was kept for it.</summary>
    private void LetThrough(SimNode node)
    {
        if (node.Index == _late!.Owner || !Link(_late.Owner, node.Index).Late || !node.Core.HasPromisedMore(_late.View, _late.Ballot))
            return;
        Release(_late.Owner, node.Index);
    }

    private void EndLate(long number)
    {
        if (_late is not { } late || late.Number != number)
            return;
        foreach (SimNode node in _nodes)
            if (node.Index != late.Owner)
                Release(late.Owner, node.Index);
        Release(late.Successor, late.Owner);
        _late = null;
    }

    private void Release(int from, int to)
    {
        SimLink link = Link(from, to);
        if (!link.Late)
            return;
        link.Late = false;
        if (link.Up && !link.Cut)
            Flush(_nodes[from], _nodes[to]);
    }
}
