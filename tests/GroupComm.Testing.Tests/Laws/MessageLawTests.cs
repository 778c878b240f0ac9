using Xunit;
using static GroupComm.DeliveryOrder;

namespace GroupComm.Testing.Tests.Laws;

public sealed class MessageLawTests
{
    [Fact]
    public void Vs06_a_delivery_has_a_send() =>
        Story.OfThree().Deliver("n1", "n2:1").Breaks("VS-6");

    [Fact]
    public void Vs06_a_delivery_has_the_payload_that_was_sent() =>
        Story.OfThree().Send("n1", 1, Fifo).Deliver("n2", "n1:1", hash: 99).Breaks("VS-6");

    [Fact]
    public void Vs06_an_id_is_sent_once() =>
        Story.OfThree().Send("n1", 1, Fifo).Send("n1", 1, Fifo).Deliver("n1 n2", "n1:1").Breaks("VS-6");

    [Fact]
    public void Vs06_a_delivery_comes_after_its_send()
    {
        Story s = Story.OfThree();
        int g = s.History.Group("g");
        s.Trace("n1").Deliver(g, s.Member("n1", "g"), s.Trace("n1").Index, 1, 1, Fifo, 1, 1, 1, -1, 1049, s.Now);
        s.Send("n1", 1, Fifo).Breaks("VS-6");
    }

    [Fact]
    public void Vs07_a_member_delivers_a_message_once() =>
        Story.OfThree().Send("n1", 1, Fifo).Deliver("n1 n3", "n1:1").Deliver("n2", "n1:1 n1:1").Breaks("VS-7");

    [Fact]
    public void Vs07_two_members_of_one_node_both_deliver_it()
    {
        var s = new Story();
        int g = s.History.Group("g"), a = s.History.Member(s.Trace("n1").Index, g, "a"), b = s.History.Member(s.Trace("n1").Index, g, "b");
        s.View(1, "n1").Do("n1", (p, t) =>
        {
            p.GroupView(g, 1, new GroupViewId(1, 1), [a, b], "join", FencingToken.Create(1, 1, 1), t);
            p.Send(g, a, 1, 1, Agreed, 1, 1, 5, t);
            p.Deliver(g, a, p.Index, 1, 1, Agreed, 1, 1, 1, 1, 5, t);
            p.Deliver(g, b, p.Index, 1, 1, Agreed, 1, 1, 1, 1, 5, t);
        }).Holds();
    }

    [Fact]
    public void Vs08_a_message_is_delivered_in_the_view_in_which_it_was_sent() =>
        Story.OfThree().Send("n1", 1, Fifo).View(2, "n1 n2 n3").Deliver("n1 n2 n3", "n1:1").Breaks("VS-8");

    [Fact]
    public void Vs08_a_message_is_delivered_in_the_group_view_in_which_it_was_sent() =>
        Story.OfThree().Send("n1", 1, Fifo, open: true).Group("g", "1.2", "n1 n2 n3").Deliver("n1 n2 n3", "n1:1").Breaks("VS-8");

    [Fact]
    public void Vs08_an_agreed_only_message_is_delivered_in_the_same_group_view_by_all() =>
        new Story().View(1, "n1 n2").Group("g", "1.1", "n1 n2").AgreedOnly("g").Send("n1", 1, Agreed)
            .Deliver("n1", "n1:1").Group("g", "1.2", "n1 n2", at: "n2").Deliver("n2", "n1:1").Breaks("VS-8");

    [Fact]
    public void Vs09_members_that_move_together_delivered_the_same_set() =>
        Story.OfThree().Send("n1", 1, Fifo).Deliver("n1 n2", "n1:1").View(2, "n1 n2 n3").Breaks("VS-9");

    [Fact]
    public void Vs09_members_that_go_to_the_next_group_view_delivered_the_same_set() =>
        Story.OfThree().Send("n1", 1, Causal).Deliver("n1 n2", "n1:1").Group("g", "1.2", "n1 n2 n3").Breaks("VS-9");

    [Fact]
    public void Vs09_a_member_may_not_skip_a_group_view_in_which_others_delivered() =>
        new Story().View(1, "n1 n2").Group("g", "1.1", "n1 n2").Group("g", "1.2", "n1 n2", at: "n1").Send("n1", 1, Fifo).Deliver("n1", "n1:1")
            .View(2, "n1 n2").Breaks("VS-9");

    [Fact]
    public void Vs09_a_process_that_does_not_come_along_may_have_delivered_more() =>
        Story.OfThree().Send("n3", 1, Agreed).Deliver("n3", "n3:1").View(2, "n1 n2").Group("g", "2.2", "n1 n2").Holds();

    [Fact]
    public void Vs12_a_member_that_goes_on_delivered_its_own_messages() =>
        Story.OfThree().Send("n1", 1, Fifo).View(2, "n1 n2 n3").Breaks("VS-12");

    [Fact]
    public void Vs12_of_an_agreed_only_group_the_cluster_view_counts() =>
        Story.OfThree().AgreedOnly("g").Send("n1", 1, Agreed).Group("g", "1.2", "n1 n2 n3").Holds().View(2, "n1 n2 n3").Breaks("VS-12");

    [Fact]
    public void Vs17_a_safe_message_of_a_crashed_process_reaches_all_that_go_on() =>
        Story.OfThree().Send("n3", 1, Safe).Deliver("n3", "n3:1").View(2, "n1 n2").Group("g", "2.2", "n1 n2").Breaks("VS-17");

    [Fact]
    public void Vs17_at_a_quiet_end_everyone_in_the_view_delivered_it() =>
        Story.OfThree().Send("n3", 1, Safe).Deliver("n3 n1", "n3:1").Quiet("n1 n2")
            .With(s => s.Stable!.Expected.Clear()).With(s => s.Stable!.Ends.Clear()).Breaks("VS-17");

    [Fact]
    public void Vs17_without_a_live_quorum_nobody_owes_it() =>
        Story.OfThree().Send("n3", 1, Safe).Deliver("n3 n1", "n3:1").Quiet("n2")
            .With(s => s.Stable!.Expected.Clear()).With(s => s.Stable!.Ends.Clear()).Holds();

}
