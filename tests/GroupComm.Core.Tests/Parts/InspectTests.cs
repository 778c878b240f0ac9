using System.Linq;
using GroupComm.Core.Inspection;
using GroupComm.Core.Messages;
using GroupComm.Testing.Simulation;
using Xunit;

namespace GroupComm.Core.Tests.Parts;

/// <summary>What waits names the rule that holds it, and the rank that it waits for.</summary>
public sealed class InspectTests
{
    private static readonly string[] Three = ["a", "b", "c"];
    private static readonly string[] Four = ["a", "b", "c", "d"];

    [Fact]
    public void Nothing_waits_in_a_quiet_view()
    {
        Scenario s = Scenario.Of(Three);
        s.Send("a", DeliveryOrder.Safe, "x");
        s.RunFor(1000);
        NodeInspection c = s.Inspect("c");
        Assert.Empty(c.Waiting);
        Assert.Equal(0, c.WaitingCount);
        Assert.Null(c.Change);
        Assert.True(c.Primary);
        Assert.Equal([0, 0, 0], c.Members.Select(member => (int)member.HeldBackBy));
        Assert.Equal(c.Orders.Assigned, c.Orders.Delivered);
    }

    [Fact]
    public void A_causal_reply_waits_for_its_cause()
    {
        Scenario s = Scenario.Of(Three);
        s.Hold(MessageKind.Bundle, "a", "c");
        s.Send("a", DeliveryOrder.Causal, "question");
        s.RunFor(2);
        s.Send("b", DeliveryOrder.Causal, "answer");
        s.RunFor(4);
        WaitingMessage waiting = Assert.Single(s.Inspect("c").Waiting);
        Assert.Equal((1, WaitReason.Causal, 1UL), (waiting.Rank, waiting.Reason, waiting.On));
        s.Release();
        s.RunFor(4);
        Assert.Empty(s.Inspect("c").Waiting);
    }

    [Fact]
    public void An_agreed_message_waits_for_the_number_that_the_sequencer_gives()
    {
        Scenario s = Scenario.Of(Three);
        s.Hold(MessageKind.Orders, "a", "c");
        s.Send("b", DeliveryOrder.Agreed, "x");
        s.Send("b", DeliveryOrder.Agreed, "y");
        s.RunFor(5);
        NodeInspection c = s.Inspect("c");
        Assert.Equal((WaitReason.Order, 1UL, 0L), (c.Waiting[0].Reason, c.Waiting[0].On, c.Waiting[0].Until));
        Assert.Equal(2, c.WaitingCount);
        Assert.All(c.Waiting.Skip(1), later => Assert.Equal(WaitReason.Stream, later.Reason));
    }

    [Fact]
    public void A_safe_message_waits_for_those_who_are_not_known_to_hold_it()
    {
        Scenario s = Scenario.Of(Four);
        s.Drop(MessageKind.Ack);
        s.Send("a", DeliveryOrder.Safe, "x");
        s.RunFor(5);
        WaitingMessage waiting = Assert.Single(s.Inspect("b").Waiting);
        Assert.Equal(WaitReason.Stability, waiting.Reason);
        Assert.Equal(0b1100UL, waiting.On);
        Assert.NotEqual(0UL, s.Inspect("b").Members[0].HeldBackBy & 0b1100);
    }

    [Fact]
    public void A_wedged_view_is_why_all_waits()
    {
        Scenario s = Scenario.Of(Three);
        s.Hold(MessageKind.Decide);
        s.Crash("c");
        s.RunFor(20);
        NodeInspection b = s.Inspect("b");
        Assert.True(b.Change?.Wedged);
        Assert.NotNull(b.Members[2].Suspicion);
    }

    [Fact]
    public void Looking_changes_nothing()
    {
        Assert.Equal(Story(look: false), Story(look: true));

        static string Story(bool look)
        {
            Scenario s = Scenario.Of(Three);
            s.Hold(MessageKind.Bundle, "a", "c");
            foreach (string sender in Three)
                s.Send(sender, DeliveryOrder.Agreed, sender + "1");
            for (int i = 0; i < 20; i++)
            {
                s.RunFor(1);
                if (look)
                    foreach (string name in Three)
                        s.Inspect(name);
                if (i == 10)
                    s.Release();
            }
            return s.Log.ToString()!;
        }
    }
}
