using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Runtime.Serialization;
using GroupComm.Testing.Shrinking;
using GroupComm.Testing.Simulation;

namespace GroupComm.Testing.Kit;

/// <summary>Seed after seed on a thread of its own; a finding is cut down and told. A call that blocks that thread is given up.</summary>
internal sealed class KitRun(SimulationOptions options, Func<ISimulatedNode, Task<SimulatedReplica>> setup, CancellationToken ct)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private readonly KitApp _app = new(options, setup, options.Serializer ?? new MessagePackMessageSerializer());
    private readonly TaskCompletionSource<SimulationOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _schedules;
    private long _restored;
    private long _faults;

    public async Task<SimulationOutcome> RunAsync()
    {
        var thread = new Thread(Work) { IsBackground = true, Name = "GroupComm simulation" };
        thread.Start();
        while (!_outcome.Task.IsCompleted)
        {
            await Task.WhenAny(_outcome.Task, Task.Delay(Look, CancellationToken.None)).ConfigureAwait(false);
            long began = _app.CallBegan;
            if (began != 0 && Environment.TickCount64 - began > options.BlockedAfter.TotalMilliseconds)
                _outcome.TrySetResult(Outcome(new SimulationFinding(
                    _app.Seed, KitRules.VirtualTime,
                    $"a call has not returned for {options.BlockedAfter}: it blocks its thread. In the kit nothing may wait but by await: no .Result, .Wait(), lock on another thread, Thread.Sleep. Its thread is given up",
                    null, [])));
        }
        return await _outcome.Task.ConfigureAwait(false);
    }

    private void Work()
    {
        try
        {
            _outcome.TrySetResult(RunSeeds());
        }
        catch (Exception error)
        {
            _outcome.TrySetException(error); // a defect of the kit
        }
    }

    private SimulationOutcome RunSeeds()
    {
        var cluster = new SimCluster { App = _app };
        var plan = new SimulationPlan(options.Seeds.First, options.Seeds.Last) { MinNodes = options.Nodes, MaxNodes = options.Nodes, Faults = KitFaults.Of(options.Faults) };
        for (ulong seed = options.Seeds.First; ; seed++)
        {
            ct.ThrowIfCancellationRequested();
            SimViolation? violation = Simulator.Play(cluster, seed, plan);
            Count(cluster);
            if (violation is not null)
                return Outcome(Tell(cluster, plan, violation));
            if (seed == options.Seeds.Last)
                return Outcome(null);
        }
    }

    private void Count(SimCluster cluster)
    {
        _schedules++;
        _restored += cluster.Transfers;
        foreach (int count in cluster.Faults)
            _faults += count;
    }

    private SimulationOutcome Outcome(SimulationFinding? finding) => new(_schedules, _app.Handled, _app.States.Compared, _restored, _faults, finding);

    private SimulationFinding Tell(SimCluster cluster, SimulationPlan plan, SimViolation found)
    {
        (long handled, long compared) = (_app.Handled, _app.States.Compared);
        Schedule schedule = Schedule.Record(plan, found.Seed, cluster, out SimViolation? again);
        if (again is not null && options.ShrinkRuns > 0)
            schedule = new Shrinker(options.ShrinkRuns, cluster).Shrink(schedule, again.Law);
        var story = new KitStory();
        cluster.Story = story.Tell;
        SimViolation? last = schedule.Play(cluster);
        cluster.Story = null;
        (_app.Handled, _app.States.Compared) = (handled, compared);
        if (last is null)
            return new SimulationFinding(found.Seed, found.Law, $"{found.Text}\n(the schedule does not show it each time: what is run depends on something outside of the simulation)", null, story.Lines());
        return new SimulationFinding(found.Seed, last.Law, last.Text, _app.Message, story.Lines());
    }
}

/// <summary>The simulator's faults by those that a user names.</summary>
internal static class KitFaults
{
    public static IReadOnlyList<FaultKind> Of(SimulatedFaults faults)
    {
        if (faults == SimulatedFaults.All)
            return [];
        // Not a fault of its own: with an empty list everything would be drawn, and a delay of nothing is none.
        List<FaultKind> kinds = [FaultKind.JoinGroup];
        Add(SimulatedFaults.Crash, FaultKind.Crash);
        Add(SimulatedFaults.Restart, FaultKind.Restart);
        Add(SimulatedFaults.Pause, FaultKind.Pause);
        Add(SimulatedFaults.Partition, FaultKind.CutPair, FaultKind.CutOneWay, FaultKind.Isolate, FaultKind.Partition, FaultKind.Reset, FaultKind.FalseSuspicion, FaultKind.Ring, FaultKind.IsolateCoordinator, FaultKind.IsolateJoiner);
        Add(SimulatedFaults.Delay, FaultKind.Delay);
        Add(SimulatedFaults.Join, FaultKind.JoinNode);
        Add(SimulatedFaults.Leave, FaultKind.LeaveNode);
        Add(SimulatedFaults.SlowHandlers, FaultKind.SlowConsumer);
        return kinds;

        void Add(SimulatedFaults fault, params FaultKind[] of)
        {
            if (faults.HasFlag(fault))
                kinds.AddRange(of);
        }
    }
}
