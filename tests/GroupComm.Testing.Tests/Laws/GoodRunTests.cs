using GroupComm.Testing.Laws;
using GroupComm.Testing.Traces;
using Xunit;
using static GroupComm.DeliveryOrder;

namespace GroupComm.Testing.Tests.Laws;

public sealed class GoodRunTests
{
    [Fact]
    public void A_run_with_crash_exclusion_leave_and_all_orders_keeps_every_law() => GoodRun.Tell().Holds();

    [Fact]
    public void An_empty_history_keeps_every_law() => new Story().Holds();

    [Fact]
    public void A_checker_and_a_history_can_be_used_again()
    {
        var checker = new LawChecker();
        for (int i = 0; i < 3; i++)
        {
            Assert.True(checker.Check(GoodRun.Tell().History).Ok);
            Verdict broken = checker.Check(Story.OfThree().Deliver("n1", "n2:9").History);
            Assert.Equal(broken.Count("VS-6"), broken.Total);
            Assert.Equal(1, broken.Total);
            checker.Clear();
            Assert.True(broken.Ok);
        }
    }

    [Fact]
    public void A_run_is_still_good_without_a_stable_period()
    {
        Story s = GoodRun.Tell();
        s.Stable = null;
        s.Holds();
    }

    [Fact]
    public void A_crashed_member_owes_nothing_that_it_did_not_do() => Story.OfThree()
        .Send("n1", 1, Agreed).Send("n3", 1, Fifo).Send("n3", 2, Causal).Deliver("n1 n2", "n1:1 n3:1")
        .View(2, "n1 n2").Group("g", "2.2", "n1 n2").Holds();

    [Fact]
    public void A_delivery_before_a_fifo_send_makes_no_edge_into_it() => Story.OfThree()
        .Send("n1", 1, Causal).Deliver("n2", "n1:1").Send("n2", 1, Fifo).Deliver("n3", "n2:1 n1:1").Holds();

    [Fact]
    public void A_causal_message_does_not_wait_for_what_its_receiver_was_no_member_for() => new Story()
        .View(1, "n1 n2 n3").Group("g", "1.1", "n1 n2").Send("n1", 1, Causal).Deliver("n1 n2", "n1:1")
        .Group("g", "1.2", "n1 n2 n3").Send("n2", 1, Causal).Deliver("n1 n2 n3", "n2:1").Holds();

    [Fact]
    public void A_group_view_may_outlive_a_cluster_view() => Story.OfThree()
        .Send("n1", 1, Safe).Deliver("n1 n2 n3", "n1:1").View(2, "n1 n2 n3 n4").Send("n1", 2, Safe).Deliver("n1 n2 n3", "n1:2").Holds();

    [Fact]
    public void A_cluster_that_was_founded_again_starts_with_view_one() => Story.OfThree()
        .View(1, "n4 n5", epoch: 2).Holds();

    [Fact]
    public void The_members_of_a_lost_process_trace_may_be_absent() => Story.OfThree()
        .Deliver("n1 n2 n3", "n9:1").Holds();

    [Fact]
    public void Explanation_names_the_law_and_the_events()
    {
        Story s = Story.OfThree().Send("n1", 1, Fifo).Deliver("n2", "n1:1 n1:1");
        Verdict verdict = new LawChecker().Check(s.History);
        string text = verdict.Explain(s.History)!;
        Assert.Contains("VS-7: n2#1/m delivered n1#1:1:1 twice", text, System.StringComparison.Ordinal);
        Assert.Contains("n2#1 event 3", text, System.StringComparison.Ordinal);
        Assert.Contains("n2#1 event 4", text, System.StringComparison.Ordinal);
        Assert.Equal(TraceKind.Deliver, s.Trace("n2")[verdict.Violations[0].Events[0].Event].Kind);
    }
}
