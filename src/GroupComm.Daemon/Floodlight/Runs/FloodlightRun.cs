using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using GroupComm.Daemon.Floodlight.Controllers;
using GroupComm.Daemon.Floodlight.Script;
using GroupComm.Daemon.Floodlight.Simulated;

namespace GroupComm.Daemon.Floodlight.Runs;

/// <summary>What to play.</summary>
internal sealed record FloodlightPlan(IReadOnlyList<Approach> Approaches, IReadOnlyList<Race> Races, int Schedules, int Threads);

/// <summary>All cells of the table: in every cell the seeds 1 … n. What a seed comes to depends on nothing else.</summary>
internal sealed class FloodlightRun
{
    private FloodlightRun(IReadOnlyList<Cell> cells, double seconds, int schedules) => (Cells, Seconds, Schedules) = (cells, seconds, schedules);

    public IReadOnlyList<Cell> Cells { get; }

    public double Seconds { get; }

    /// <summary>In each cell.</summary>
    public int Schedules { get; }

    public bool Ok
    {
        get
        {
            foreach (Cell cell in Cells)
                if (!cell.Ok)
                    return false;
            return true;
        }
    }

    /// <param name="plan">What to play.</param>
    /// <param name="done">Told of each finished cell.</param>
    public static FloodlightRun Play(FloodlightPlan plan, Action<Cell>? done = null)
    {
        long began = Stopwatch.GetTimestamp();
        var stages = new Stage[plan.Threads];
        for (int i = 0; i < stages.Length; i++)
            stages[i] = new Stage();
        var cells = new List<Cell>();
        foreach (Approach approach in plan.Approaches)
            foreach (Race race in plan.Races)
            {
                Cell cell = Play(stages, plan.Schedules, approach, race);
                cells.Add(cell);
                done?.Invoke(cell);
            }
        return new FloodlightRun(cells, Stopwatch.GetElapsedTime(began).TotalSeconds, plan.Schedules);
    }

    private static Cell Play(Stage[] stages, int schedules, Approach approach, Race race)
    {
        var total = new Cell(approach, race);
        int next = 0;
        var threads = new Thread[stages.Length];
        for (int i = 0; i < threads.Length; i++)
        {
            Stage stage = stages[i];
            threads[i] = new Thread(() => Work(stage)) { IsBackground = true };
            threads[i].Start();
        }
        foreach (Thread thread in threads)
            thread.Join();
        return total;

        void Work(Stage stage)
        {
            var own = new Cell(approach, race);
            for (int seed = Interlocked.Increment(ref next); seed <= schedules; seed = Interlocked.Increment(ref next))
                own.Add((ulong)seed, Schedule.Play(stage, (ulong)seed, race, approach));
            lock (total)
                total.Add(own);
        }
    }
}
