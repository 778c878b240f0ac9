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
    public void Seed_that_once_failed_keeps_every_law(ulong seed)
    {
        var cluster = new SimCluster();
        Assert.Null(cluster.Run(seed, ProtocolRules.Correct, 3, 7, []));
        Assert.Null(cluster.Run(seed, ProtocolRules.Correct, 5, 5, []));
    }
}
