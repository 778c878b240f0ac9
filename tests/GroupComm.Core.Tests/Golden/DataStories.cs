using GroupComm.Core.Messages;
using GroupComm.Testing.Simulation;
using Xunit;

namespace GroupComm.Core.Tests.Golden;

/// <summary>Stories of messages in one view that stands.</summary>
public sealed class DataStories
{
    private static readonly string[] Three = ["a", "b", "c"];

    [Fact]
    public void Agreed_multicast_from_a_non_sequencer()
    {
        Scenario s = Scenario.Of(Three);
        s.Send("b", DeliveryOrder.Agreed, "x1");
        s.RunFor(10);
        GoldenFile.Check("agreed-from-a-non-sequencer", """
            The body goes from b to everybody; a, the lowest rank, gives it a number in one small frame.
            Whoever has both delivers: a after 1 ms, b and c after 2 ms.
            """, s);
    }

    [Fact]
    public void Agreed_messages_of_two_senders_have_one_order()
    {
        Scenario s = Scenario.Of(Three);
        s.Send("b", DeliveryOrder.Agreed, "x1");
        s.Send("c", DeliveryOrder.Agreed, "y1");
        s.Send("a", DeliveryOrder.Agreed, "z1");
        s.RunFor(10);
        GoldenFile.Check("agreed-of-three-senders", """
            All three send at the same moment. The sequencer a numbers its own message at once and the others as they come.
            All deliver z1, x1, y1 in this order.
            """, s);
    }

    [Fact]
    public void Concurrent_causal_messages_may_come_in_different_order()
    {
        Scenario s = Scenario.Of(Three);
        s.Send("a", DeliveryOrder.Causal, "x1");
        s.Send("b", DeliveryOrder.Causal, "y1");
        s.RunFor(10);
        GoldenFile.Check("causal-concurrent", """
            a and b send at the same moment: neither message is in the other's past, so each node delivers them as they come.
            a delivers x1 before y1, b delivers y1 before x1; no message waits for another.
            """, s);
    }

    [Fact]
    public void Causal_reply_waits_for_its_cause()
    {
        Scenario s = Scenario.Of(Three);
        s.Hold(MessageKind.Bundle, "a", "c");
        s.Send("a", DeliveryOrder.Causal, "question");
        s.RunFor(2);
        s.Send("b", DeliveryOrder.Causal, "answer");
        s.RunFor(4);
        s.Release();
        s.RunFor(10);
        GoldenFile.Check("causal-reply-waits", """
            The link from a to c is slow. b has delivered the question when it answers, so the answer's stamp counts the question.
            c has the answer first and keeps it until the question is there.
            """, s);
    }

    [Theory]
    [InlineData(3, "A member holds the message and its number when it has both frames; with the sequencer's word that is more than half of three.")]
    [InlineData(4, "With four members more than half is three: b and d must hear of one acknowledgement besides the sequencer's and their own.")]
    public void Safe_message_waits_until_a_majority_holds_it(int n, string about)
    {
        Scenario s = Scenario.Of(["a", "b", "c", .. n == 4 ? (string[])["d"] : []]);
        s.Send("c", DeliveryOrder.Safe, "x1");
        s.RunFor(10);
        GoldenFile.Check($"safe-with-{n}", $"c sends a safe message; the order frame of a is a's own acknowledgement.\n{about}", s);
    }

    [Fact]
    public void Large_message_goes_in_fragments()
    {
        Scenario s = Scenario.Of(Three);
        s.Send("b", DeliveryOrder.Agreed, "a long message that needs three fragments to go through");
        s.Send("b", DeliveryOrder.Fifo, "short");
        s.RunFor(10);
        GoldenFile.Check("large-message", """
            b's message is cut into fragments whose sequences are assigned at once, then a short fifo one follows in the same stream.
            Each stream is passed as a prefix: the fifo message waits behind the agreed one.
            """, s);
    }

    [Fact]
    public void Large_message_is_dropped_when_its_sender_crashes_in_the_middle()
    {
        Scenario s = Scenario.Of(Three);
        s.Drop(MessageKind.Bundle, "c", "b");
        s.DropAfter(2, MessageKind.Bundle, "c", "a");
        s.Send("c", DeliveryOrder.Agreed, "first");
        s.Send("c", DeliveryOrder.Agreed, "a long message that needs four fragments, of which only some are out");
        s.RunFor(1);
        s.Crash("c");
        s.RunFor(60);
        GoldenFile.Check("large-message-sender-crashes", """
            c crashes in the middle of a large message: a holds its first fragments and the whole message before it, b nothing.
            The cut ends before the fragments (P6): both deliver what was whole, nobody delivers a part.
            """, s);
    }
}
