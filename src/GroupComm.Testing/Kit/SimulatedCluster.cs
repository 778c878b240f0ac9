using System;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Testing.Kit;

namespace GroupComm;

/// <summary>
/// Runs your own handlers and state providers on a cluster whose protocol is the real one and whose time, network and failures
/// are drawn from a seed: nodes crash, restart, stand still, are cut off, join and leave. After every message the replicas that
/// handled the same are compared; the first message after which they differ is named, and the schedule is cut down to what is
/// needed to show it. Every law of virtual synchrony is checked too. What of <see cref="IGroup"/> works here:
/// <c>docs/testing-your-handlers.md</c>.
/// </summary>
public static class SimulatedCluster
{
    /// <summary>Runs a schedule per seed, one after the other on one thread, and stops at the first finding.</summary>
    /// <param name="options">How many nodes, which seeds, which faults.</param>
    /// <param name="setup">What a process does when it starts: makes its replica, joins, and says how to look at it. Called for
    /// every start of every node, restarts too: a new process knows nothing of the one before, so nothing may be shared.</param>
    /// <param name="ct">Ends the run between two schedules.</param>
    /// <remarks>Handlers run on one thread and on virtual time: await nothing but what <see cref="IGroup"/> gives, and what
    /// <see cref="ISimulatedNode.Time"/> measures. Anything else is reported as a finding.</remarks>
    /// <exception cref="ArgumentException">An option makes no sense; the text says which.</exception>
    public static Task<SimulationOutcome> RunAsync(
        SimulationOptions options, Func<ISimulatedNode, Task<SimulatedReplica>> setup, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(setup);
        options.Check();
        return new KitRun(options, setup, ct).RunAsync();
    }
}
