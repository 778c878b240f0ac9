using GroupComm.Core.Detection;
using GroupComm.Core.Membership;
using Xunit;

namespace GroupComm.Core.Tests.Parts;

public sealed class DetectorTests
{
    [Fact]
    public void Suspicion_has_a_reason_and_ends_when_the_member_is_heard()
    {
        Detector detector = new(3, 0, now: 100);
        Assert.True(detector.Suspect(2, "connection refused"));
        Assert.False(detector.Suspect(2, "silent 1.2 s"));
        Assert.Equal((0b100UL, "connection refused"), (detector.Suspected, detector.Reason(2)));
        Assert.True(detector.Heard(2, 150));
        Assert.False(detector.Heard(2, 160));
        Assert.Equal((0UL, null), (detector.Suspected, detector.Reason(2)));
    }

    [Fact]
    public void Nobody_suspects_itself_or_finds_itself_silent()
    {
        Detector detector = new(3, 1, now: 0);
        Assert.False(detector.Suspect(1, "silent"));
        Assert.Equal((0, 50), (detector.Silence(1, 50), detector.Silence(0, 50)));
    }

    [Fact]
    public void Silence_counts_from_the_last_frame_and_anew_after_an_own_pause()
    {
        Detector detector = new(2, 0, now: 0);
        detector.Heard(1, 30);
        Assert.Equal(70, detector.Silence(1, 100));
        detector.Renew(90);
        Assert.Equal(10, detector.Silence(1, 100));
        detector.Renew(40);
        Assert.Equal(10, detector.Silence(1, 100));
    }

    [Fact]
    public void Silence_tells_before_a_suspicion_does_who_is_not_heard()
    {
        Detector detector = new(3, 0, now: 0);
        detector.Heard(1, 60);
        Assert.Equal(0b111UL, detector.HeardWithin(100, now: 100));
        Assert.Equal(0b011UL, detector.HeardWithin(100, now: 101));
        Assert.Equal(0b001UL, detector.HeardWithin(100, now: 161));
        Assert.Equal(0UL, detector.Suspected);
    }

    [Fact]
    public void Best_set_believes_a_member_that_keeps_saying_that_it_does_not_hear_another()
    {
        Detector detector = new(3, 0, now: 0, grace: 200);
        Assert.Equal(0b111UL, Best(detector, 0));
        detector.SetRow(1, 0b011, now: 100); // 1 does not hear 2
        Assert.Equal(0b111UL, Best(detector, 299));
        Assert.Equal(0b011UL, Best(detector, 300));
        detector.SetRow(1, 0b011, now: 350); // says so again: since 100 it stands
        Assert.Equal(0b011UL, Best(detector, 350));
    }

    [Fact]
    public void A_better_word_takes_back_the_worse_one()
    {
        Detector detector = new(3, 0, now: 0, grace: 200);
        detector.SetRow(1, 0b010, now: 100); // a heartbeat from before the heal: 1 hears nobody
        detector.SetRow(1, 0b111, now: 150);
        Assert.Equal(0b111UL, Best(detector, 1000));
        detector.SetRow(1, 0b011, now: 1000);
        Assert.Equal(0b111UL, Best(detector, 1100));
        Assert.Equal(0b100UL, detector.NotHeardBy(1));
    }

    [Fact]
    public void Best_set_goes_by_the_own_suspicions_at_once()
    {
        Detector detector = new(3, 0, now: 0, grace: 200);
        detector.Suspect(1, "silent");
        Assert.Equal(0b101UL, Best(detector, 0));
        detector.Suspect(2, "silent");
        Assert.Equal(0UL, Best(detector, 0));
    }

    private static ulong Best(Detector detector, long now) => detector.Best(static set => Quorum.Holds(set, 3, ProtocolRules.Correct), now);
}
