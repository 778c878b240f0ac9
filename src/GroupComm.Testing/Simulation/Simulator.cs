using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using GroupComm.Core;

namespace GroupComm.Testing.Simulation;

/// <summary>What to simulate.</summary>
/// <param name="First">First seed.</param>
/// <param name="Last">Last seed.</param>
internal sealed record SimulationPlan(ulong First, ulong Last)
{
    public int MinNodes { get; init; } = 3;

    public int MaxNodes { get; init; } = 7;

    /// <summary>Only these faults; empty: drawn by each seed.</summary>
    public IReadOnlyList<FaultKind> Faults { get; init; } = [];

    public ProtocolRules Rules { get; init; } = ProtocolRules.Correct;

    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Stops at the first violation.</summary>
    public bool StopAtFirst { get; init; } = true;

    /// <summary>Called now and then with the number of finished schedules.</summary>
    public Action<long>? Progress { get; init; }
}

/// <summary>Runs a range of seeds on several threads. The outcome of a seed depends on the seed alone.</summary>
internal static class Simulator
{
    /// <summary>Schedules after which a run without a single reordered causal pair is itself a violation.</summary>
    public const int ReorderingDue = 500;

    public static SimulationResult Run(SimulationPlan plan, CancellationToken ct = default)
    {
        var total = new SimulationResult();
        long next = (long)plan.First - 1;
        long done = 0;
        bool stop = false;
        long started = Stopwatch.GetTimestamp();
        var threads = new List<Thread>();
        for (int i = 0; i < Math.Max(1, plan.Threads); i++)
        {
            var thread = new Thread(Work) { IsBackground = true };
            threads.Add(thread);
            thread.Start();
        }
        foreach (Thread thread in threads)
            thread.Join();
        total.Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        total.Violations.Sort(static (a, b) => a.Seed.CompareTo(b.Seed));
        if (total.Violations.Count == 0 && total.Schedules >= ReorderingDue && total.Reordered == 0)
            total.Violations.Add(new SimViolation(plan.Last, "VS-14", "not one concurrent causal pair was delivered in different order: causal order costs as much as agreed order"));
        return total;

        void Work()
        {
            var cluster = new SimCluster();
            var own = new SimulationResult();
            while (!Volatile.Read(ref stop) && !ct.IsCancellationRequested)
            {
                ulong seed = (ulong)Interlocked.Increment(ref next);
                if (seed > plan.Last)
                    break;
                SimViolation? violation = Play(cluster, seed, plan);
                Count(own, cluster);
                if (violation is not null)
                {
                    own.Violations.Add(violation);
                    if (plan.StopAtFirst)
                        Volatile.Write(ref stop, true);
                }
                long finished = Interlocked.Increment(ref done);
                if (finished % 256 == 0)
                    plan.Progress?.Invoke(finished);
            }
            lock (total)
                total.Add(own);
        }
    }

    /// <summary>A mutant may break the code as well as the law: any exception is a violation, with its text.</summary>
    public static SimViolation? Play(SimCluster cluster, ulong seed, SimulationPlan plan)
    {
        try
        {
            return cluster.Run(seed, plan.Rules, plan.MinNodes, plan.MaxNodes, plan.Faults as FaultKind[] ?? [.. plan.Faults]);
        }
        catch (Exception e) when (e is IndexOutOfRangeException or NullReferenceException or InvalidOperationException or ArgumentException)
        {
            return new SimViolation(seed, "VS-9", $"the core failed: {e}") { At = cluster.HandledLast() };
        }
    }

    private static void Count(SimulationResult own, SimCluster cluster)
    {
        own.Schedules++;
        own.Events += cluster.Events;
        own.Messages += cluster.Messages;
        own.Views += cluster.Views;
        own.Transfers += cluster.Transfers;
        own.Reordered += cluster.Checker.CountReordering().ConcurrentPairs;
        for (int i = 0; i < cluster.Faults.Length; i++)
        {
            own.Faults[i] += cluster.Faults[i];
            for (int j = 0; j < cluster.Faults.Length; j++)
                if (cluster.Faults[i] > 0 && cluster.Faults[j] > 0)
                    own.Pairs[i, j]++;
        }
    }
}
