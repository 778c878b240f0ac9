using GroupComm.Core.Messages;
using GroupComm.Testing.Simulation;
using Xunit;

namespace GroupComm.Core.Tests.Golden;

/// <summary>Stories of members that fail, and of coordinators that compete.</summary>
public sealed class CrashStories
{
    private static readonly string[] Three = ["a", "b", "c"];

    [Fact]
    public void Sequencer_crashes_and_the_next_rank_takes_over()
    {
        Scenario s = Scenario.Of(Three);
        s.Drop(MessageKind.Orders, "a", "b");
        s.Send("b", DeliveryOrder.Agreed, "x1");
        s.Send("c", DeliveryOrder.Agreed, "y1");
        s.RunFor(2);
        s.Crash("a");
        s.RunUntil("c installs view 2");
        s.Send("c", DeliveryOrder.Agreed, "y2");
        s.RunFor(10);
        GoldenFile.Check("sequencer-crash", """
            a numbers x1 and y1, but its order frame reaches only c. Then a crashes; the refused dial tells b and c at once.
            b coordinates, takes the longer order log from c, and is the sequencer of view 2.
            """, s);
    }

    [Fact]
    public void Message_of_a_crashed_sender_that_one_survivor_holds()
    {
        Scenario s = Scenario.Of(Three);
        s.Drop(MessageKind.Bundle, "c", "a");
        s.Send("c", DeliveryOrder.Fifo, "x1");
        s.RunFor(1);
        s.Crash("c");
        s.RunFor(60);
        GoldenFile.Check("one-survivor-holds-the-message", """
            x1 reaches b, which delivers it, and not a; then c crashes. The cut holds what any member holds that answered.
            The coordinator a pulls the body from b before it proposes (P9): two hops more than without. a delivers x1 in view 1.
            """, s);
    }

    [Fact]
    public void Coordinator_crashes_in_the_middle_of_a_flush()
    {
        Scenario s = Scenario.Of(["a", "b", "c", "d", "e"]);
        s.Drop(MessageKind.Propose, "a", "c");
        s.Drop(MessageKind.Propose, "a", "d");
        s.Send("e", DeliveryOrder.Agreed, "x1");
        s.RunFor(3);
        s.Crash("e");
        s.RunUntil("b accepts");
        s.Crash("a");
        s.RunUntil("d installs view 3");
        s.RunFor(5);
        GoldenFile.Check("coordinator-crash-mid-flush", """
            e crashes; a coordinates and crashes when only b has accepted its proposal: view 2 {a b c d}.
            Nobody knows whether it was decided, so b must propose it unchanged (P5), with a in it although a is gone.
            View 3 follows at once without a.
            """, s);
    }

    [Fact]
    public void Two_coordinators_compete()
    {
        Scenario s = Scenario.Of(["a", "b", "c", "d", "e"]);
        s.Suspect("b", "a", "false suspicion");
        s.Suspect("a", "e", "false suspicion");
        s.RunFor(200);
        GoldenFile.Check("two-coordinators", """
            b wrongly suspects a while a wrongly suspects e: both start a change at the same moment, ballots 1.0 and 1.1.
            The lower is refused and its owner gives the higher one its time. One view comes of it, and since all answer, nobody
            is left out: a suspicion is an opinion, and these two were wrong.
            """, s);
    }

    [Fact]
    public void False_suspicion_and_return()
    {
        Scenario s = Scenario.Of(Three);
        s.CutBoth("a", "c");
        s.CutBoth("b", "c");
        s.RunUntil("b installs view 2");
        s.Send("b", DeliveryOrder.Agreed, "without c");
        s.RunFor(100);
        s.Heal();
        s.RunUntil("c#2 installs view 3");
        s.RunFor(20);
        GoldenFile.Check("false-suspicion-and-return", """
            c is cut off long enough to be suspected. a and b go on without it. c is not primary meanwhile and installs nothing.
            When the network is back it learns that it is out, stops, and comes back as a new life with no memory.
            """, s);
    }

    [Fact]
    public void Minority_is_not_primary_and_returns()
    {
        Scenario s = Scenario.Of(["a", "b", "c", "d", "e"]);
        foreach (string left in (string[])["a", "b"])
            foreach (string right in (string[])["c", "d", "e"])
                s.CutBoth(left, right);
        s.RunUntil("b is not primary");
        Assert.False(s.Log.Says("a wedges") || s.Log.Says("b wedges"), "P2: who hears no quorum does not wedge");
        s.Send("a", DeliveryOrder.Agreed, "x1");
        s.RunUntil("d installs view 2");
        s.Send("d", DeliveryOrder.Agreed, "y1");
        s.RunFor(50);
        s.Heal();
        s.RunUntil("b#2 installs view");
        s.RunFor(100);
        GoldenFile.Check("minority-returns", """
            a and b are cut off from c, d and e. The minority says that it is not primary and refuses to send; the majority goes on
            without it, though the sequencer was on the other side. After the heal a and b learn that they are out and come back.
            """, s);
    }

    [Fact]
    public void Minority_goes_on_in_the_same_view_when_nobody_has_heard_of_it()
    {
        Scenario s = Scenario.Of(Three);
        s.CutOneWay("a", "c");
        s.CutOneWay("b", "c");
        s.RunFor(250);
        s.Drop(MessageKind.Heartbeat, "c");
        s.RunUntil("c is not primary");
        s.Send("c", DeliveryOrder.Agreed, "x1");
        s.RunFor(10);
        s.Release();
        s.Heal();
        s.RunFor(40);
        s.Send("c", DeliveryOrder.Agreed, "x2");
        s.RunFor(10);
        GoldenFile.Check("minority-goes-on", """
            c is deaf and notices it: it is not primary, refuses to send, and does not wedge. Its word that it hears nobody is lost.
            The network heals before a and b miss c: it is primary again in view 1 and sends.
            """, s);
    }

    [Fact]
    public void Minority_goes_on_although_its_last_word_before_the_heal_was_that_it_hears_nobody()
    {
        Scenario s = Scenario.Of(Three);
        s.CutBoth("a", "c");
        s.CutBoth("b", "c");
        s.RunUntil("c is not primary");
        s.RunFor(10);
        s.Heal();
        s.RunUntil("c is primary again");
        s.Send("c", DeliveryOrder.Agreed, "x1");
        s.RunFor(300);
        Assert.False(s.Log.Says("wedges"), "a word from before the heal is followed by a better one");
        GoldenFile.Check("minority-word-taken-back", """
            c is cut off, and what it said meanwhile comes through after the heal: "I hear nobody". Nobody believes it before it
            has stood for two heartbeats, and the next heartbeat takes it back: c goes on in view 1, and no view follows.
            """, s);
    }

    [Fact]
    public void Nobody_is_primary_until_the_network_heals()
    {
        Scenario s = Scenario.Of(Three);
        s.CutBoth("a", "b");
        s.CutBoth("b", "c");
        s.CutBoth("a", "c");
        s.RunUntil("b is not primary");
        s.Send("b", DeliveryOrder.Agreed, "x1");
        s.RunFor(50);
        s.Heal();
        s.RunFor(150);
        GoldenFile.Check("no-primary", """
            All links are cut: each node hears only itself, nobody is primary, sends are refused. b notices the silence of a before
            that of c, when it still seems to hear a quorum; it gives others the time to speak, so nobody wedges, and all go on.
            """, s);
    }

    [Fact]
    public void Own_pause_is_noticed()
    {
        Scenario s = Scenario.Of(Three);
        s.Pause("c");
        s.RunFor(250);
        s.Resume("c");
        s.Send("c", DeliveryOrder.Agreed, "x1");
        s.RunFor(5);
        s.Send("c", DeliveryOrder.Agreed, "x2");
        s.RunFor(10);
        GoldenFile.Check("own-pause", """
            c stands still for more than half of the suspicion time, less than all of it. It notices the gap when it goes on (P18):
            sends are refused until a quorum has confirmed the view, which takes one round trip. Nobody was suspected.
            """, s);
    }
}
