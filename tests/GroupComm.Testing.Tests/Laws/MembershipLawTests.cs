using Xunit;
using static GroupComm.DeliveryOrder;

namespace GroupComm.Testing.Tests.Laws;

public sealed class MembershipLawTests
{
    [Fact]
    public void Vs01_a_process_is_in_the_view_that_it_installs() =>
        new Story().View(1, "n1 n2", at: "n1 n2 n3").Breaks("VS-1");

    [Fact]
    public void Vs02_view_ids_rise_by_one() =>
        new Story().View(1, "n1 n2").View(3, "n1 n2").Breaks("VS-2");

    [Fact]
    public void Vs02_group_views_never_go_back() =>
        Story.OfThree().Group("g", "1.3", "n1 n2 n3").Group("g", "1.2", "n1 n2 n3").Breaks("VS-2");

    [Fact]
    public void Vs03_nothing_is_sent_before_the_first_view() =>
        new Story().Send("n1", 1, Fifo, open: true, view: 1).View(1, "n1").Breaks("VS-3");

    [Fact]
    public void Vs03_a_delivery_names_the_view_that_is_installed() =>
        Story.OfThree().Send("n1", 1, Fifo).Deliver("n2", "n1:1", view: 2).Breaks("VS-3");

    [Fact]
    public void Vs03_a_safe_indication_names_the_view_that_is_installed() =>
        Story.OfThree().Send("n1", 1, Fifo).Deliver("n1 n2 n3", "n1:1").View(2, "n1 n2 n3").Ack("n1", 1, Traces.TraceStage.Safe).Breaks("VS-3");

    [Fact]
    public void Vs04_the_same_view_has_the_same_ranked_members() =>
        new Story().View(1, "n1 n2", at: "n1").View(1, "n2 n1", at: "n2").Breaks("VS-4");

    [Fact]
    public void Vs04_the_same_group_view_has_the_same_ranked_members() =>
        new Story().View(1, "n1 n2").Group("g", "1.1", "n1 n2", at: "n1").Group("g", "1.1", "n2 n1", at: "n2").Breaks("VS-4");

    [Fact]
    public void Vs05_those_who_stay_are_a_quorum() =>
        new Story().View(1, "n1 n2 n3").View(2, "n1").Breaks("VS-5");

    [Fact]
    public void Vs05_half_without_the_lowest_rank_is_no_quorum() =>
        new Story().View(1, "n1 n2").View(2, "n2").Breaks("VS-5");

    [Fact]
    public void Vs05_leavers_count() =>
        new Story().View(1, "n1 n2").Do("n1", (p, t) => p.Leave(t)).View(2, "n2").Holds();

    [Fact]
    public void Vs05_a_leaver_that_answered_and_died_counts() =>
        new Story().View(1, "n1 n2").Do("n1", (p, t) => p.Wedge(1, t)).View(2, "n2", left: "n1=left").Holds();

    [Fact]
    public void Vs05_a_leaver_that_did_not_answer_does_not_count() =>
        new Story().View(1, "n1 n2").View(2, "n2", left: "n1=left").Breaks("VS-5");

    [Fact]
    public void Vs05_one_that_answered_and_is_excluded_does_not_count() =>
        new Story().View(1, "n1 n2").Do("n1", (p, t) => p.Wedge(1, t)).View(2, "n2", left: "n1=silent").Breaks("VS-5");

    [Fact]
    public void Vs05_an_answer_in_an_earlier_view_does_not_count() =>
        new Story().View(1, "n1 n2").Do("n1 n2", (p, t) => p.Wedge(1, t)).View(2, "n1 n2").View(3, "n2", left: "n1=left").Breaks("VS-5");

    [Fact]
    public void Vs10_the_transitional_set_leaves_nobody_out_who_comes_along() =>
        new Story().View(1, "n1 n2 n3").View(2, "n1 n2 n3", at: "n1", transitional: "n1 n2").View(2, "n1 n2 n3", at: "n2 n3", transitional: "n1 n2 n3").Breaks("VS-10");

    [Fact]
    public void Vs10_the_transitional_set_names_no_joiner() =>
        new Story().View(1, "n1 n2").View(2, "n1 n2 n4", transitional: "n1 n2 n4").Breaks("VS-10");

    [Fact]
    public void Vs11_a_member_that_installs_the_successor_comes_from_the_view() =>
        new Story().View(1, "n1 n2 n3", at: "n1 n2").View(2, "n1 n2 n3", at: "n1 n2 n3").Breaks("VS-11");

    [Fact]
    public void Vs19_exclusion_is_final() =>
        Story.OfThree().Do("n3", (p, t) => p.Excluded(2, "silent", t)).Send("n3", 1, Fifo).Breaks("VS-19");

    [Fact]
    public void Vs20_nothing_is_sent_in_a_wedged_view() =>
        Story.OfThree().Do("n1", (p, t) => p.Wedge(1, t)).Send("n1", 1, Fifo).Deliver("n1 n2 n3", "n1:1").Breaks("VS-20");

    [Fact]
    public void Vs25_tokens_grow_along_the_views_of_a_group() =>
        Story.OfThree().Group("g", "1.2", "n1 n2 n3", token: 1).Breaks("VS-25");

    [Fact]
    public void Vs25_a_group_view_has_one_token() =>
        new Story().View(1, "n1 n2").Group("g", "1.1", "n1 n2", at: "n1").Group("g", "1.1", "n1 n2", at: "n2", token: 2).Breaks("VS-25");
}
