using GroupComm.Testing.Laws;
using Xunit;
using static GroupComm.DeliveryOrder;

namespace GroupComm.Testing.Tests.Laws;

public sealed class OrderLawTests
{
    [Fact]
    public void Vs13_messages_of_one_node_are_delivered_in_the_order_in_which_it_sent_them() =>
        Story.OfThree().Send("n1", 1, Fifo).Send("n1", 2, Fifo).Deliver("n1", "n1:1 n1:2").Deliver("n2", "n1:2 n1:1").Breaks("VS-13");

    [Fact]
    public void Vs13_a_message_is_not_passed_over() =>
        Story.OfThree().Send("n1", 1, Agreed).Send("n1", 2, Fifo).Deliver("n1", "n1:1 n1:2").Deliver("n2", "n1:2").Breaks("VS-13");

    [Fact]
    public void Vs13_an_open_send_is_not_lost_over_a_view_change() =>
        new Story().View(1, "n1 n2 n3").Group("g", "1.1", "n2 n3", at: "n1 n2 n3").Send("n1", 1, Fifo, open: true).View(2, "n1 n2 n3")
            .Send("n1", 2, Fifo, open: true).Deliver("n2 n3", "n1:2").Breaks("VS-13");

    [Fact]
    public void Vs14_a_message_comes_after_what_its_sender_delivered_before() =>
        Story.OfThree().Send("n1", 1, Causal).Deliver("n1 n2", "n1:1").Send("n2", 1, Causal).Deliver("n2 n1", "n2:1").Deliver("n3", "n2:1 n1:1").Breaks("VS-14");

    [Fact]
    public void Vs14_causality_runs_through_a_fifo_send_by_program_order() =>
        new Story().View(1, "n1 n2 n3 n4").Group("g", "1.1", "n1 n2 n3 n4")
            .Send("n1", 1, Fifo).Deliver("n2", "n1:1").Send("n2", 1, Causal).Send("n2", 2, Fifo).Deliver("n3", "n1:1 n2:1 n2:2")
            .Send("n3", 1, Agreed).Deliver("n4", "n2:1 n2:2 n3:1").Breaks("VS-14");

    [Fact]
    public void Vs15_no_two_members_invert_a_pair_of_agreed_messages() =>
        Story.OfThree().Send("n1", 1, Agreed).Send("n2", 1, Agreed).Deliver("n1", "n1:1 n2:1").Deliver("n2 n3", "n2:1 n1:1").Breaks("VS-15");

    [Fact]
    public void Vs15_holds_for_those_who_crash_too() =>
        Story.OfThree().Send("n1", 1, Agreed).Send("n2", 1, Agreed).Deliver("n1 n2", "n1:1 n2:1").Deliver("n3", "n2:1 n1:1")
            .View(2, "n1 n2").Group("g", "2.2", "n1 n2").Breaks("VS-15");

    [Fact]
    public void Vs15_a_crashed_member_may_lack_an_agreed_message_in_between() =>
        Story.OfThree().Send("n1", 1, Agreed).Send("n2", 1, Agreed).Deliver("n1 n2", "n1:1 n2:1").Deliver("n3", "n2:1").Holds();

    [Fact]
    public void Vs15_a_flush_may_order_otherwise_than_one_who_is_left_behind() =>
        Story.OfThree().Send("n1", 1, Agreed).Send("n2", 1, Agreed).Deliver("n3", "n2:1 n1:1").Do("n1 n2", (p, t) => p.Wedge(1, t)).Deliver("n1 n2", "n1:1 n2:1")
            .View(2, "n1 n2").Group("g", "2.2", "n1 n2").Holds();

    [Fact]
    public void Vs15_binds_those_who_go_on_together_in_the_flush_too() =>
        Story.OfThree().Send("n1", 1, Agreed).Send("n2", 1, Agreed).Do("n1 n2", (p, t) => p.Wedge(1, t)).Deliver("n1", "n1:1 n2:1").Deliver("n2", "n2:1 n1:1")
            .View(2, "n1 n2").Group("g", "2.2", "n1 n2").Breaks("VS-15");

    [Fact]
    public void Vs16_the_safe_messages_of_everyone_are_a_prefix_of_one_sequence() =>
        Story.OfThree().Send("n1", 1, Safe).Send("n2", 1, Safe).Deliver("n1 n2", "n1:1 n2:1").Deliver("n3", "n2:1").Breaks("VS-16");

    [Fact]
    public void Vs24_handlers_of_one_key_do_not_overlap() =>
        Keyed("k", "k").Handle("n2", "n1:1", "begin").Handle("n2", "n1:2", "begin").Breaks("VS-24");

    [Fact]
    public void Vs24_handlers_of_one_key_begin_in_the_order_of_delivery() =>
        Keyed("k", "k").Handle("n2", "n1:2", "begin").Breaks("VS-24");

    [Fact]
    public void Vs24_a_message_without_a_key_conflicts_with_everything() =>
        Keyed("k", null).Handle("n2", "n1:1", "begin").Handle("n2", "n1:2", "begin").Breaks("VS-24");

    [Fact]
    public void Vs24_a_view_is_a_barrier_for_all_keys() =>
        Keyed("k", "l").Handle("n2", "n1:1", "begin").Group("g", "1.2", "n1 n2 n3").HandleView("n2", "1.2", "begin").Breaks("VS-24");

    [Fact]
    public void Vs24_nothing_is_handled_before_the_view_in_which_it_was_delivered() =>
        Keyed("k", "l").Handle("n2", "n1:1 n1:2", "begin").Handle("n2", "n1:1 n1:2", "end").Group("g", "1.2", "n1 n2 n3")
            .Send("n1", 3, Agreed, key: "m").Deliver("n1 n2 n3", "n1:3").Handle("n2", "n1:3", "begin").Breaks("VS-24");

    [Fact]
    public void Vs24_nothing_is_handled_twice() =>
        Keyed("k", "l").Handle("n2", "n1:1", "begin").Handle("n2", "n1:1", "end").Handle("n2", "n1:1", "begin").Breaks("VS-24");

    [Fact]
    public void Vs24_different_keys_run_side_by_side_and_end_in_any_order() =>
        Keyed("k", "l").Handle("n2", "n1:1 n1:2", "begin").Handle("n2", "n1:2 n1:1", "end").Group("g", "1.2", "n1 n2 n3").HandleView("n2", "1.2", "begin").HandleView("n2", "1.2", "end").Holds();

    // The view 1.1 is handled already.
    private static Story Keyed(string? first, string? second) =>
        Story.OfThree().HandleView("n2", "1.1", "begin").HandleView("n2", "1.1", "end")
            .Send("n1", 1, Agreed, key: first).Send("n1", 2, Agreed, key: second).Deliver("n1 n2 n3", "n1:1 n1:2");

    [Fact]
    public void Vs26_fifo_holds_across_groups() =>
        TwoGroups().Send("n1", 1, Fifo, "g").Send("n1", 2, Fifo, "h").Deliver("n1", "n1:1 n1:2").Deliver("n2", "n1:2 n1:1").Breaks("VS-26");

    [Fact]
    public void Vs26_causality_holds_across_groups() =>
        TwoGroups().Send("n1", 1, Causal, "g").Deliver("n2", "n1:1").Send("n2", 1, Causal, "h").Deliver("n3", "n2:1 n1:1").Breaks("VS-26");

    [Fact]
    public void Vs26_a_causal_chain_through_another_group_counts() =>
        new Story().View(1, "n1 n2 n3 n4").Group("g", "1.1", "n1 n4").Group("h", "1.1", "n1 n2 n3")
            .Send("n1", 1, Fifo, "g").Send("n1", 2, Causal, "h").Deliver("n2", "n1:2")
            .Send("n2", 1, Causal, "h").Deliver("n3", "n1:2 n2:1").Send("n3", 1, Causal, "g", open: true).Deliver("n4", "n3:1 n1:1").Breaks("VS-26");

    [Fact]
    public void Vs26_agreed_order_holds_across_groups() =>
        TwoGroups().Send("n1", 1, Agreed, "g").Send("n2", 1, Agreed, "h").Deliver("n1", "n1:1 n2:1").Deliver("n3", "n2:1 n1:1").Breaks("VS-26");

    [Fact]
    public void Concurrent_causal_messages_may_be_delivered_in_different_order_and_are_counted()
    {
        Story s = Story.OfThree().Send("n1", 1, Causal).Send("n2", 1, Causal).Send("n3", 1, Causal)
            .Deliver("n1", "n1:1 n2:1 n3:1").Deliver("n2", "n2:1 n1:1 n3:1").Deliver("n3", "n3:1 n2:1 n1:1").Holds();
        var checker = new LawChecker();
        checker.Check(s.History);
        Assert.Equal(new ReorderingCount(3, 0, ReorderingCount.DefaultReach), checker.CountReordering());
    }

    [Fact]
    public void A_causal_inversion_is_counted_as_one()
    {
        Story s = Story.OfThree().Send("n1", 1, Causal).Deliver("n1 n2", "n1:1").Send("n2", 1, Causal).Deliver("n2 n1", "n2:1").Deliver("n3", "n2:1 n1:1");
        var checker = new LawChecker();
        checker.Check(s.History);
        Assert.Equal(1, checker.CountReordering().CausalInversions);
        Assert.Equal(0, checker.CountReordering().ConcurrentPairs);
    }

    private static Story TwoGroups() => Story.OfThree().Group("h", "1.1", "n1 n2 n3");
}
