using GroupComm.Core.Messages;
using GroupComm.Testing.Simulation;
using Xunit;

namespace GroupComm.Core.Tests.Golden;

/// <summary>Stories of unicasts, queries and barrier reads.</summary>
public sealed class ExchangeStories
{
    private static readonly string[] Three = ["a", "b", "c"];

    [Fact]
    public void Barrier_read_waits_for_what_others_hold()
    {
        Scenario s = Scenario.Of(Three);
        s.Hold(MessageKind.Bundle, "b", "a");
        s.Send("b", DeliveryOrder.Fifo, "x1");
        s.RunFor(5);
        s.BeginRead("a");
        s.RunFor(5);
        s.Release();
        s.RunFor(10);
        GoldenFile.Check("barrier-read", """
            The link from b to a is slow. b and c hold x1, so its receipt Safe may have been given before a begins to read.
            c acknowledges a's no-op after 2 ms and says in the same frame that it holds x1: a reads when x1 is delivered, not before.
            """, s);
    }

    [Fact]
    public void Unicasts_cross_a_reset_once_and_in_order()
    {
        Scenario s = Scenario.Of(Three);
        s.Unicast("a", "b", "u1");
        s.RunFor(5);
        s.Drop(MessageKind.Direct, "a", "b");
        s.Unicast("a", "b", "u2");
        s.RunFor(2);
        s.Release();
        s.Drop(MessageKind.DirectAck, "b", "a");
        s.Unicast("a", "b", "u3");
        s.RunFor(2);
        s.Reset("a", "b");
        s.RunFor(5);
        s.Release();
        s.Reset("a", "b");
        s.RunFor(5);
        GoldenFile.Check("unicast-across-a-reset", """
            u2 is lost with its connection; u3 comes behind a gap and is not taken. The new link brings both again, in order.
            Then the acknowledgement is lost: after the next reset a sends both a second time, and b hands over nothing twice.
            """, s);
    }

    [Fact]
    public void Member_that_crashes_before_it_answers_is_reported()
    {
        Scenario s = Scenario.Of(Three);
        s.Drop(MessageKind.Direct, "c", "a");
        s.Ask("a", DeliveryOrder.Agreed, "who");
        s.RunFor(5);
        s.Crash("c");
        s.RunFor(60);
        GoldenFile.Check("query-of-one-who-crashes", """
            a asks the group; a and b answer at once, c's answer is lost with c.
            The next view says that c is gone: a's query ends then, with two answers and one departure.
            """, s);
    }
}
