using System;
using GroupComm.Core;
using GroupComm.Testing.Laws;

namespace GroupComm.Testing.Simulation;

// A run whose faults a story places, in place of the nemesis: only the delays are drawn from the seed.
internal sealed partial class SimCluster
{
    /// <summary>A cluster of founders that start within 5 ms. Frames take <paramref name="minDelay"/> and up to <paramref name="jitter"/> more.</summary>
    public void BeginStage(ulong seed, int founders, int minDelay, int jitter)
    {
        Begin(seed, ProtocolRules.Correct);
        Mix.Still(founders, minDelay);
        Mix.StillState(1, minDelay);
        Mix.LeaveToApp();
        Mix.Shake(jitter);
        _faulting = true; // of what a dying process had sent, some still arrives
        App?.Begin(this);
        for (int i = 0; i < founders; i++)
            StartNode(AddNode(), _random.Below(5_000));
    }

    /// <summary>Something outside of the cluster happens after so many microseconds.</summary>
    public void After(long delay, Action happens) => _queue.Add(new SimEvent { Time = _now + delay, Kind = SimEventKind.Outside, Subject = happens });

    /// <summary>The process ends; whoever dials its machine is refused.</summary>
    public void CrashProcess(SimNode node) => Crash(node);

    /// <summary>The machine is gone with everything on it: nobody is refused, there is only silence.</summary>
    public void CrashMachine(SimNode node)
    {
        foreach (SimNode peer in _nodes)
            if (peer != node)
            {
                CutDirection(node.Index, peer.Index);
                CutDirection(peer.Index, node.Index);
            }
        Crash(node);
    }

    /// <summary>Its machine stands still, nothing is lost.</summary>
    public void PauseMachine(SimNode node)
    {
        Story?.Invoke(_now, $"fault: {node.Id} is paused");
        node.Paused = true;
    }

    /// <summary>It starts again with a later incarnation.</summary>
    public void StartAgain(SimNode node) => StartNode(node);

    /// <summary>All safety laws over what has happened; the violated one, or null.</summary>
    public SimViolation? CheckLaws()
    {
        Verdict verdict = _checker.Check(History);
        return verdict.Ok ? null : new SimViolation(_seed, verdict.Violations[0].Law, verdict.Explain(History)!);
    }
}
