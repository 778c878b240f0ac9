using System.Runtime.InteropServices;
using GroupComm.Testing.Laws;
using Xunit;
using static GroupComm.DeliveryOrder;

namespace GroupComm.Testing.Tests.Laws;

public sealed class LivenessLawTests
{
    [Fact]
    public void Lv01_the_connected_set_ends_in_one_view() =>
        Story.OfThree().View(2, "n1 n2 n3", at: "n1").Quiet("n1 n2 n3").With(s => End(s, 0).View = 2).Breaks("LV-1");

    [Fact]
    public void Lv01_the_final_view_holds_nobody_else() => Story.OfThree().Quiet("n1 n2").Breaks("LV-1");

    [Fact]
    public void Lv02_what_is_sent_is_delivered_by_all() => Sent(Fifo).Deliver("n1 n2", "n1:1").Breaks("LV-2");

    [Fact]
    public void Lv03_what_is_sent_is_delivered_by_its_sender() => Sent(Fifo).Deliver("n2 n3", "n1:1").Breaks("LV-3");

    [Fact]
    public void Lv04_what_is_sent_becomes_safe() => Sent(Safe, awaitsSafe: true).Deliver("n1 n2 n3", "n1:1").Breaks("LV-4");

    [Fact]
    public void Lv04_is_kept_by_a_receipt() =>
        Sent(Safe, awaitsSafe: true).Deliver("n1 n2 n3", "n1:1").Ack("n1", 1, Traces.TraceStage.Safe).Holds();

    [Fact]
    public void Lv05_a_stable_period_has_no_view_without_a_cause() =>
        Story.OfThree().At(10_050).View(2, "n1 n2 n3").Quiet("n1 n2 n3").Breaks("LV-5");

    [Fact]
    public void Lv05_a_view_for_each_change_and_one_that_was_under_way() =>
        Story.OfThree().At(10_050).View(2, "n1 n2 n3").View(3, "n1 n2").Group("g", "3.2", "n1 n2").Quiet("n1 n2", p => (p.RealChanges, p.WedgedAtStart) = (1, true)).Holds();

    [Fact]
    public void Lv06_the_minority_says_that_it_is_not_primary() =>
        Story.OfThree().Quiet("n1 n2 n3", p => p.Minority.Add(new MinorityStay(2, 500, 5000))).Breaks("LV-6");

    [Fact]
    public void Lv06_the_minority_accepts_no_send() =>
        Story.OfThree().At(550).Do("n3", (p, t) => p.Primary(false, "", t)).Send("n3", 1, Fifo).Deliver("n1 n2 n3", "n3:1")
            .Quiet("n1 n2 n3", p => p.Minority.Add(new MinorityStay(2, 500, 5000))).Breaks("LV-6");

    [Fact]
    public void Lv06_is_kept_by_a_minority_that_says_so_and_comes_back() =>
        Story.OfThree().At(550).Do("n3", (p, t) => p.Primary(false, "", t)).At(6000).Do("n3", (p, t) => p.Primary(true, "", t))
            .Quiet("n1 n2 n3", p => p.Minority.Add(new MinorityStay(2, 500, 5000))).Holds();

    [Fact]
    public void Lv07_a_view_change_ends_in_time() =>
        Story.OfThree().At(10_250).View(2, "n1 n2 n3").Quiet("n1 n2 n3", p => p.WedgedAtStart = true).Breaks("LV-7");

    [Fact]
    public void Lv08_after_quiet_nothing_is_retained() => Story.OfThree().Quiet("n1 n2 n3").With(s => End(s, 1).RetainedBytes = 1).Breaks("LV-8");

    [Fact]
    public void Lv08_never_more_than_the_configured_bytes() =>
        Story.OfThree().Quiet("n1 n2 n3", p => p.MaxRetainedBytes = 10).With(s => End(s, 1).PeakRetainedBytes = 11).Breaks("LV-8");

    [Fact]
    public void Lv09_every_live_sender_can_send() => Story.OfThree().Quiet("n1 n2 n3").With(s => End(s, 2).CanSend = false).Breaks("LV-9");

    [Fact]
    public void Lv11_nobody_waits_for_a_state_for_ever() => Story.OfThree().Quiet("n1 n2 n3").With(s => End(s, 2).AwaitingState = 1).Breaks("LV-11");

    private static Story Sent(DeliveryOrder order, bool awaitsSafe = false) =>
        Story.OfThree().Send("n1", 1, order).Quiet("n1 n2 n3", p => p.Sends.Add(new StableSend(0, 1, 1, awaitsSafe)));

    private static ref ProcessEnd End(Story s, int place) => ref CollectionsMarshal.AsSpan(s.Stable!.Ends)[place];
}
