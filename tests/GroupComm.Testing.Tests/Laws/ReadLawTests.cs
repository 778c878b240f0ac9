using GroupComm.Testing.Traces;
using Xunit;
using static GroupComm.DeliveryOrder;

namespace GroupComm.Testing.Tests.Laws;

public sealed class ReadLawTests
{
    [Fact]
    public void Vs23_a_read_contains_what_was_safe_before_it_began() =>
        Sent().With(s => Read(s, "n3", begin: s.Now)).Breaks("VS-23");

    [Fact]
    public void Vs23_a_delivery_after_the_read_comes_too_late() =>
        Sent().With(s => Read(s, "n3", begin: s.Now)).Deliver("n3", "n1:1").Breaks("VS-23");

    [Fact]
    public void Vs23_a_delivery_before_the_read_is_in_its_state() =>
        Sent().Deliver("n3", "n1:1").With(s => Read(s, "n3", begin: s.Now)).Holds();

    [Fact]
    public void Vs23_what_becomes_safe_while_a_read_is_under_way_need_not_be_in_it() =>
        Sent().With(s => Read(s, "n3", begin: 1)).Holds();

    [Fact]
    public void Vs23_messages_of_group_views_before_the_reader_joined_are_in_its_state() =>
        new Story().View(1, "n1 n2 n3").Group("g", "1.1", "n1 n2").Send("n1", 1, Fifo).Deliver("n1 n2", "n1:1").Ack("n1", 1, TraceStage.Safe)
            .Group("g", "1.2", "n1 n2 n3").With(s => Read(s, "n3", begin: s.Now)).Holds();

    [Fact]
    public void Vs23_other_groups_do_not_matter() =>
        Sent().Group("h", "1.1", "n1 n2 n3").With(s => Read(s, "n3", begin: s.Now, group: "h")).Holds();

    private static Story Sent() => Story.OfThree().Send("n1", 1, Fifo).Deliver("n1 n2", "n1:1").Ack("n1", 1, TraceStage.Safe);

    private static void Read(Story story, string at, long begin, string group = "g") =>
        story.Do(at, (trace, t) => trace.Read(story.History.Group(group), begin, t, 0, t, story.Member(at, group)));
}
