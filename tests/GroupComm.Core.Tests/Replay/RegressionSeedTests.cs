using GroupComm.Testing.Simulation;
using Xunit;

namespace GroupComm.Core.Tests.Replay;

/// <summary>Seeds that once failed. A failing seed becomes a case here before its bug is fixed.</summary>
public sealed class RegressionSeedTests
{
    [Theory]
    [InlineData(510)]
    [InlineData(824)]
    [InlineData(1433)]
    [InlineData(1446)]
    [InlineData(1506)]
    [InlineData(2273)]
    [InlineData(2272)]
    [InlineData(2377)]
    [InlineData(4847)]
    [InlineData(14263)]
    [InlineData(43595)]
    [InlineData(223602)]
    [InlineData(290630)]
    [InlineData(769238)]
    [InlineData(770567)]
    [InlineData(985457)]
    [InlineData(1005879)]
    [InlineData(1610353)]
    public void Seed_that_once_failed_keeps_every_law(ulong seed)
    {
        var cluster = new SimCluster();
        Assert.Null(cluster.Run(seed, ProtocolRules.Correct, 3, 7, []));
        Assert.Null(cluster.Run(seed, ProtocolRules.Correct, 5, 5, []));
    }

    /// <summary>P14. Found by a run of two million: too rare for the list of mutants, so the seed that found it must find it again.</summary>
    [Fact]
    public void An_excluded_node_that_tells_nobody_of_its_decision_loses_the_cluster()
    {
        SimViolation? violation = new SimCluster().Run(1005879, ProtocolRules.Correct with { ExcludedTellsNobody = true }, 3, 7, []);
        Assert.Equal("LV-1", violation?.Law);
    }
}
