using System;
using System.Globalization;
using GroupComm.Testing.Simulation;
using Xunit;

namespace GroupComm.Testing.Tests;

/// <summary>What <c>dotnet cake --target=Coverage</c> runs under a collector: schedules of the simulator and nothing else.</summary>
public sealed class CoverageTests
{
    [Fact]
    public void Some_thousand_schedules_for_the_coverage_of_the_core()
    {
        ulong last = ulong.Parse(Environment.GetEnvironmentVariable("GROUPCOMM_COVERAGE_SEEDS") ?? "1000", CultureInfo.InvariantCulture);
        SimulationResult result = Simulator.Run(new SimulationPlan(1, last) { MinNodes = 1, MaxNodes = 7 });
        Assert.True(result.Violations.Count == 0, result.Violations.Count == 0 ? "" : $"seed {result.Violations[0].Seed} violates {result.Violations[0].Law}: {result.Violations[0].Text}");
    }
}
