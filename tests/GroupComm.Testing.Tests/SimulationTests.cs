using System;
using GroupComm.Testing.Simulation;
using Xunit;

namespace GroupComm.Testing.Tests;

public sealed class SimulationTests
{
    [Fact]
    public void Twenty_thousand_schedules_of_3_to_7_nodes_with_mixed_faults_keep_every_law()
    {
        SimulationResult result = Simulator.Run(new SimulationPlan(1, 20_000));
        Assert.True(result.Violations.Count == 0, result.Violations.Count == 0 ? "" : $"seed {result.Violations[0].Seed} violates {result.Violations[0].Law}: {result.Violations[0].Text}");
        Assert.Equal(20_000, result.Schedules);
        TestContext.Current.SendDiagnosticMessage($"{result.PerSecond:0} schedules/s, {result.Events} events, {result.Messages} messages, {result.Views} views");
    }

    [Fact]
    public void Every_fault_and_every_pair_of_faults_occurs()
    {
        SimulationResult result = Simulator.Run(new SimulationPlan(1, 8_000));
        Assert.True(result.Transfers > 1_000, $"only {result.Transfers} states were transferred");
        for (int i = 0; i < FaultNames.Count; i++)
        {
            Assert.True(result.Faults[i] > 0, $"the fault {FaultNames.Of((FaultKind)i)} was never injected");
            for (int j = 0; j < i; j++)
                Assert.True(result.Pairs[i, j] > 0, $"{FaultNames.Of((FaultKind)i)} and {FaultNames.Of((FaultKind)j)} never met in a schedule");
        }
    }

    [Fact]
    public void Concurrent_causal_messages_are_delivered_in_different_order()
    {
        SimulationResult result = Simulator.Run(new SimulationPlan(1, 200));
        Assert.True(result.Reordered > 0);
    }

    [Theory]
    [InlineData("cut-from-own-knowledge", 300)]
    [InlineData("no-majority", 300)]
    [InlineData("hole-in-order-log", 20_000)]
    [InlineData("fifo-across-group-mark", 600)]
    [InlineData("decide-on-first-acceptance", 20_000)]
    [InlineData("quorum-of-new-view", 3000)]
    [InlineData("accept-without-bodies", 1000)]
    [InlineData("same-identity-after-restart", 100)]
    [InlineData("joiner-admitted-twice", 100)]
    [InlineData("stamp-without-deliveries", 100)]
    [InlineData("ignore-causal-hold", 100)]
    [InlineData("order-log-not-taken-over", 300)]
    [InlineData("duplicate-after-reconnect", 100)]
    [InlineData("gap-after-reconnect", 300)]
    [InlineData("stable-dropped-too-early", 100)]
    [InlineData("group-change-without-marks", 300)]
    [InlineData("joiner-table-incomplete", 300)]
    [InlineData("tie-rule-on-both-halves", 3000)]
    [InlineData("deaf-node-wedges", 100)]
    [InlineData("token-from-non-primary", 300)]
    [InlineData("send-after-wedge", 100)]
    [InlineData("unicast-twice-after-reconnect", 100)]
    [InlineData("query-forgets-departures", 3000)]
    [InlineData("read-on-own-word", 1000)]
    [InlineData("read-without-vectors", 1000)]
    [InlineData("read-ends-at-install", 40_000)]
    [InlineData("handlers-of-one-key-in-parallel", 300)]
    [InlineData("view-change-not-a-barrier-for-keys", 300)]
    [InlineData("fragments-against-the-window", 1000)]
    [InlineData("credits-of-a-left-member", 2000)]
    [InlineData("handler-waits-for-the-window", 2000)]
    [InlineData("slow-consumer-stays", 5000)]
    [InlineData("accept-without-wedging", 300)]
    [InlineData("older-view-after-newer", 1000)]
    [InlineData("early-state", 300)]
    [InlineData("late-state", 300)]
    [InlineData("donor-lost-and-not-replaced", 5000)]
    [InlineData("donor-without-state", 1000)]
    [InlineData("buffer-kept-across-restart", 1000)]
    [InlineData("causal-through-sequencer", Simulator.ReorderingDue)]
    public void A_mutant_is_caught_with_seed_and_law(string name, int schedules)
    {
        Assert.True(Mutants.TryFind(name, out Core.ProtocolRules rules));
        SimulationResult result = Simulator.Run(new SimulationPlan(1, (ulong)schedules) { Rules = rules });
        Assert.True(result.Violations.Count > 0, $"{name} survived {schedules} schedules");
        SimViolation first = result.Violations[0];
        Assert.Matches("^(VS|LV)-[0-9]+$", first.Law);
        Assert.InRange(first.Seed, 1UL, (ulong)schedules);
    }

    [Fact]
    public void Every_mutant_has_a_name_of_its_own()
    {
        var names = new System.Collections.Generic.HashSet<string>();
        foreach (Core.ProtocolRules mutant in Mutants.All)
            Assert.True(names.Add(mutant.Name), mutant.Name);
        Assert.True(names.Count >= 32);
    }
}
