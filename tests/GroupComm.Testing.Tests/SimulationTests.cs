using System;
using System.Collections.Generic;
using System.Linq;
using GroupComm.Testing.Simulation;
using Xunit;

namespace GroupComm.Testing.Tests;

public sealed class SimulationTests
{
    // R1 of the figures; a user's machine is not kept busy that long.
    private const ulong OfTheGate = 200_000, OfAMachine = 20_000;

    private static bool IsGate => Environment.GetEnvironmentVariable("CI") == "true";

    private static readonly Lazy<SimulationResult> Run = new(static () => Simulator.Run(new SimulationPlan(1, IsGate ? OfTheGate : OfAMachine)));

    [Fact]
    public void Schedules_of_3_to_7_nodes_with_mixed_faults_keep_every_law()
    {
        SimulationResult result = Run.Value;
        Assert.True(result.Violations.Count == 0, result.Violations.Count == 0 ? "" : $"seed {result.Violations[0].Seed} violates {result.Violations[0].Law}: {result.Violations[0].Text}");
        Assert.Equal((long)(IsGate ? OfTheGate : OfAMachine), result.Schedules);
        TestContext.Current.SendDiagnosticMessage($"{result.PerSecond:0} schedules/s, {result.Events} events, {result.Messages} messages, {result.Views} views");
    }

    /// <summary>R2: every pair in at least 1,000 schedules of the 200,000, and in proportion on a user's machine, where chance weighs more.</summary>
    [Fact]
    public void Every_pair_of_faults_meets_often()
    {
        SimulationResult result = Run.Value;
        long least = IsGate ? 1_000 : result.Schedules / 300;
        Assert.True(result.Transfers > result.Schedules / 2, $"only {result.Transfers} states were transferred");
        for (int i = 0; i < FaultNames.Count; i++)
            for (int j = 0; j < i; j++)
                Assert.True(result.Pairs[i, j] >= least,
                    $"{FaultNames.Of((FaultKind)i)} and {FaultNames.Of((FaultKind)j)} met in {result.Pairs[i, j]} of {result.Schedules} schedules, fewer than {least}");
    }

    [Fact]
    public void Concurrent_causal_messages_are_delivered_in_different_order()
    {
        SimulationResult result = Simulator.Run(new SimulationPlan(1, 200));
        Assert.True(result.Reordered > 0);
    }

    // They take thousands of schedules each: the gate runs them, with all others.
    private static readonly HashSet<string> Rare =
    [
        "joiners-not-capped", "safe-across-views", "read-ends-at-install", "ack-after-wedge", "safe-on-tie-half",
        "ignore-accepted-value", "blend-accepted-value", "accept-below-promise",
    ];

    public static TheoryData<string> Caught() => [.. Mutants.All.Select(static mutant => mutant.Name).Where(static name => IsGate || !Rare.Contains(name))];

    [Theory]
    [MemberData(nameof(Caught))]
    public void A_mutant_is_caught_with_seed_and_law(string name)
    {
        const ulong AtMost = 100_000; // R4
        Assert.True(Mutants.TryFind(name, out Core.ProtocolRules rules));
        ulong last = name == "causal-through-sequencer" ? Simulator.ReorderingDue : AtMost;
        SimulationResult result = Simulator.Run(new SimulationPlan(1, last) { Rules = rules });
        Assert.True(result.Violations.Count > 0, $"{name} survived {last} schedules");
        SimViolation first = result.Violations[0];
        Assert.Matches("^(VS|LV)-[0-9]+$", first.Law);
        Assert.InRange(first.Seed, 1UL, last);
    }

    [Fact]
    public void Every_mutant_has_a_name_of_its_own_and_a_rule_that_it_breaks()
    {
        var names = new HashSet<string>();
        foreach (Core.ProtocolRules mutant in Mutants.All)
        {
            Assert.True(names.Add(mutant.Name), mutant.Name);
            Assert.NotEmpty(MutantTable.Rule(mutant));
        }
        Assert.True(names.Count >= 35);
    }
}
