using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using GroupComm.Testing.Simulation;
using Xunit;

namespace GroupComm.Core.Tests.Replay;

/// <summary>One seed is one schedule: the same bytes, whatever ran before in the same cluster.</summary>
public sealed class ReplayTests
{
    private static readonly ulong[] Seeds = Enumerable.Range(1, 50).Select(static seed => (ulong)seed).ToArray();

    [Fact]
    public void Same_seed_twice_gives_the_same_bytes()
    {
        foreach (ulong seed in Seeds)
            Assert.Equal(Told(new SimCluster(), seed), Told(new SimCluster(), seed));
    }

    [Fact]
    public void Seed_does_not_depend_on_what_the_cluster_ran_before()
    {
        var alone = Seeds.ToDictionary(static seed => seed, static seed => Told(new SimCluster(), seed));
        var reused = new SimCluster();
        foreach (ulong seed in (IEnumerable<ulong>)[.. Seeds, .. Seeds.Reverse(), .. Seeds.OrderBy(static seed => seed * 7919 % 53)])
            Assert.Equal(alone[seed], Told(reused, seed));
    }

    [Fact]
    public void Different_seeds_tell_different_stories()
    {
        var cluster = new SimCluster();
        Assert.Equal(Seeds.Length, Seeds.Select(seed => Told(cluster, seed)).Distinct().Count());
    }

    /// <summary>Hash of everything that the schedule tells.</summary>
    private static string Told(SimCluster cluster, ulong seed)
    {
        var story = new StringBuilder();
        cluster.Story = (at, text) => story.Append(CultureInfo.InvariantCulture, $"{at} {text}\n");
        SimViolation? violation = cluster.Run(seed, ProtocolRules.Correct, 3, 7, []);
        story.Append(CultureInfo.InvariantCulture, $"{violation} {cluster.Events} {cluster.Messages} {cluster.Views}");
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(story.ToString())));
    }
}
