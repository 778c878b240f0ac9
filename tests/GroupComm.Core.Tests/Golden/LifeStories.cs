using GroupComm.Testing.Simulation;
using Xunit;

namespace GroupComm.Core.Tests.Golden;

/// <summary>Stories of nodes and members that come and go.</summary>
public sealed class LifeStories
{
    private static readonly string[] Three = ["a", "b", "c"];

    [Fact]
    public void Bootstrap_of_three_nodes()
    {
        var s = new Scenario(founders: 3);
        s.Start("a");
        s.RunFor(30);
        s.Start("b");
        s.RunFor(30);
        s.Start("c");
        s.RunUntil("c installs view 1");
        s.RunFor(10);
        GoldenFile.Check("bootstrap", """
            Three nodes that expect three start one after the other. Two see each other and wait for the third.
            When all see all, the lowest name proposes the first view by the same ballots as any other view.
            """, s);
    }

    [Fact]
    public void Join_of_a_fourth_node()
    {
        Scenario s = Scenario.Of(Three);
        s.Start("d");
        s.RunUntil("d installs view 2");
        s.RunFor(5);
        s.Join("d");
        s.RunFor(20);
        GoldenFile.Check("join", """
            d starts, finds the members and asks to join. The next view has d as its last rank; d gets the table of groups with
            the decision, and then joins g by an agreed change.
            """, s);
    }

    [Fact]
    public void Group_join_under_fifo_traffic()
    {
        Scenario s = Scenario.Of(Three, inGroup: ["a", "b"]);
        s.Send("a", DeliveryOrder.Fifo, "x1");
        s.Join("c");
        s.Send("b", DeliveryOrder.Fifo, "y1");
        s.RunFor(1);
        s.Send("a", DeliveryOrder.Fifo, "x2");
        s.RunFor(1);
        s.Send("b", DeliveryOrder.Fifo, "y2");
        s.RunFor(1);
        s.Send("a", DeliveryOrder.Fifo, "x3");
        s.RunFor(1);
        s.Send("b", DeliveryOrder.Fifo, "y3");
        s.RunFor(20);
        GoldenFile.Check("group-join-under-fifo", """
            a and b talk in g while c joins. Each node marks the end of the old group view in its stream and holds its sends;
            c gets exactly the messages that were sent after its view, and everybody else none of them before it.
            """, s);
    }

    [Fact]
    public void Graceful_leave_of_the_coordinator()
    {
        Scenario s = Scenario.Of(Three);
        s.Send("c", DeliveryOrder.Agreed, "x1");
        s.Leave("a");
        s.RunFor(60);
        s.Send("c", DeliveryOrder.Agreed, "x2");
        s.RunFor(10);
        GoldenFile.Check("coordinator-leaves", """
            a, coordinator and sequencer, leaves while a message is on its way. It coordinates its own departure, delivers the cut,
            and stays to help until b and c have installed the next view (P15).
            """, s);
    }

    [Fact]
    public void The_lower_of_two_nodes_may_leave()
    {
        Scenario s = Scenario.Of(["a", "b"]);
        s.Leave("a");
        s.RunFor(60);
        GoldenFile.Check("leave-of-one-of-two", """
            With two nodes b could not survive a crash of a, but a graceful leave always works: a takes part in the change.
            """, s);
    }

    [Fact]
    public void Total_failure_and_cold_start()
    {
        Scenario s = Scenario.Of(Three);
        s.Send("a", DeliveryOrder.Agreed, "lost with all memories");
        s.RunFor(3);
        s.Crash("a");
        s.Crash("b");
        s.RunFor(5);
        s.Start("a");
        s.RunFor(20);
        s.Start("b");
        s.RunUntil("c#2 installs view 1");
        s.RunFor(10);
        GoldenFile.Check("total-failure", """
            a and b crash at once; c alone is no quorum. a and b come back as new lives without memory: c sees that no quorum of
            view 1 can ever answer, gives it up, and all three found the cluster anew, in a later epoch.
            """, s);
    }
}
