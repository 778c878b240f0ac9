using System;

namespace GroupComm;

/// <summary>A node of a <see cref="SimulatedCluster"/>, as the process on it has it.</summary>
public interface ISimulatedNode : IGroupCommNode
{
    /// <summary>The time of the simulation: <c>Task.Delay(span, node.Time)</c>, timers, clocks. It begins at 2026-01-01 in every
    /// schedule, and it goes on only when nothing is left to do, so that waiting costs nothing.</summary>
    TimeProvider Time { get; }

    /// <summary>A source of random numbers of this process, different at every node, the same in every run of the seed. Inside a
    /// replicated handler it is a defect like any other.</summary>
    Random Random { get; }

    /// <summary>The seed of the schedule.</summary>
    ulong Seed { get; }
}
