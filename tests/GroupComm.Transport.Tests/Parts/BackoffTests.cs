using System;
using System.Linq;
using Xunit;

namespace GroupComm.Transport.Tests.Parts;

public sealed class BackoffTests
{
    [Fact]
    public void Waits_grow_from_20_ms_to_2_s_and_stay_within()
    {
        Backoff backoff = new(seed: 1);
        TimeSpan[] waits = [.. Enumerable.Range(0, 50).Select(_ => backoff.Next())];

        Assert.All(waits, wait => Assert.InRange(wait, Backoff.Min, Backoff.Max));
        Assert.InRange(waits[0], Backoff.Min, Backoff.Min * 2);
        Assert.All(waits[7..], wait => Assert.InRange(wait, Backoff.Max / 2, Backoff.Max));
        Assert.True(waits[7..].Distinct().Count() > 20);
    }

    [Fact]
    public void The_same_seed_gives_the_same_waits_and_another_seed_others()
    {
        Backoff one = new(5), same = new(5), other = new(6);

        TimeSpan[] waits = [.. Enumerable.Range(0, 10).Select(_ => one.Next())];

        Assert.Equal(waits, Enumerable.Range(0, 10).Select(_ => same.Next()));
        Assert.NotEqual(waits, Enumerable.Range(0, 10).Select(_ => other.Next()));
    }

    [Fact]
    public void A_success_starts_small_again()
    {
        Backoff backoff = new(seed: 1);
        for (int i = 0; i < 10; i++)
            backoff.Next();

        backoff.Reset();

        Assert.InRange(backoff.Next(), Backoff.Min, Backoff.Min * 2);
    }
}
