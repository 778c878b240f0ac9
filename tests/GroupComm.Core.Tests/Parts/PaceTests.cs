using GroupComm.Core.Detection;
using Xunit;

namespace GroupComm.Core.Tests.Parts;

public sealed class PaceTests
{
    private const long Floor = 750, Ceiling = 1000;

    [Fact]
    public void Limit_is_the_ceiling_until_enough_was_seen()
    {
        Pace pace = Regular(8, 100);
        Assert.Equal(Ceiling, pace.Limit(Floor, Ceiling));
        pace.Beat(900);
        Assert.Equal(Floor, pace.Limit(Floor, Ceiling));
    }

    [Fact]
    public void Regular_heartbeats_are_judged_by_the_floor_and_never_below()
    {
        Pace pace = Regular(200, 100);
        Assert.Equal(Floor, pace.Limit(Floor, Ceiling));
        Assert.InRange(pace.Limit(0, Ceiling), 100, 120);
    }

    [Fact]
    public void Irregular_heartbeats_are_given_more_time_and_never_more_than_the_ceiling()
    {
        Pace pace = default;
        long now = 1;
        for (int i = 0; i < 100; i++)
            pace.Beat(now += i % 2 == 0 ? 20 : 230);
        Assert.InRange(pace.Limit(Floor, Ceiling), Floor + 1, Ceiling);
        Assert.Equal(Ceiling, pace.Limit(Floor, Ceiling));
        Assert.InRange(pace.Limit(Floor, 10_000), 900, 1_300);
    }

    [Fact]
    public void A_gap_of_ones_own_is_not_learned()
    {
        Pace pace = Regular(50, 100);
        long before = pace.Limit(0, Ceiling);
        pace.Skip();
        pace.Beat(60_000);
        pace.Beat(60_100);
        Assert.InRange(pace.Limit(0, Ceiling), 100, before);
    }

    [Fact]
    public void Detector_takes_over_what_it_learned_of_a_member()
    {
        Detector before = new(3, 0, now: 0);
        for (long now = 1; now < 2_000; now += 100)
            before.Beat(2, now);
        Detector after = new(2, 0, now: 2_000);
        after.TakeOver(1, before, 2);
        Assert.Equal(Floor, after.Limit(1, Floor, Ceiling));
        Assert.Equal(Ceiling, before.Limit(1, Floor, Ceiling));
    }

    [Fact]
    public void Broken_links_are_seen_from_both_ends()
    {
        Detector detector = new(3, 0, now: 0);
        Assert.False(detector.IsBroken(1, 2));
        detector.SetRow(2, 0b101, now: 10);
        Assert.True(detector.IsBroken(1, 2));
        Assert.True(detector.IsBroken(2, 1));
        detector.Suspect(1, "silent");
        Assert.True(detector.IsBroken(0, 1));
        Assert.False(detector.IsBroken(0, 2));
    }

    private static Pace Regular(int beats, int interval)
    {
        Pace pace = default;
        for (int i = 1; i <= beats; i++)
            pace.Beat((long)i * interval);
        return pace;
    }
}
