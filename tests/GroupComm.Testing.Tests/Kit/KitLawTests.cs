using System;
using GroupComm.Runtime.Serialization;
using GroupComm.Testing.Kit;
using GroupComm.Testing.Simulation;
using Xunit;

namespace GroupComm.Testing.Tests.Kit;

/// <summary>With an application on it the cluster is still watched by every law.</summary>
public sealed class KitLawTests
{
    [Theory]
    [InlineData("cut-from-own-knowledge")]
    [InlineData("no-majority")]
    [InlineData("early-state")]
    public void A_defect_of_the_protocol_is_found_under_an_application_too(string mutant)
    {
        Assert.True(Mutants.TryFind(mutant, out Core.ProtocolRules rules));
        var app = new KitApp(new SimulationOptions(), node => new Counter().SetUpAsync(node), new MessagePackMessageSerializer());
        var cluster = new SimCluster { App = app };
        for (ulong seed = 1; seed <= 3_000; seed++)
            if (Simulator.Play(cluster, seed, new SimulationPlan(seed, seed) { MinNodes = 3, MaxNodes = 5, Rules = rules }) is { } violation)
            {
                Assert.True(violation.Law.StartsWith("VS-", StringComparison.Ordinal) || violation.Law.StartsWith("LV-", StringComparison.Ordinal), $"{violation.Law}: {violation.Text}");
                return;
            }
        Assert.Fail($"{mutant} survived 3,000 schedules");
    }
}
