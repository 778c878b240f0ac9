using GroupComm.Testing.Simulation;
using Xunit;

namespace GroupComm.Core.Tests.Golden;

/// <summary>Stories of states on their way.</summary>
public sealed class StateStories
{
    private static readonly string[] Three = ["a", "b", "c"];

    [Fact]
    public void State_transfer_under_traffic()
    {
        Scenario s = Scenario.Of(Three, inGroup: ["a", "b"], stateChunks: 3);
        s.Send("b", DeliveryOrder.Fifo, "x1");
        s.Join("c");
        s.RunUntil("c awaits");
        s.Send("a", DeliveryOrder.Fifo, "x2");
        s.RunUntil("c has the state");
        s.RunFor(10);
        Assert.True(s.Log.Says("c sends has its state"), "the end of the restore is agreed");
        GoldenFile.Check("state-transfer", """
            c joins a group that has state. At the install of group view 3 the donor a, which has delivered x1 and not x2, captures;
            c holds x2 until the last of three chunks is there. Then it says so in the agreed order: from there on it has state.
            """, s);
    }

    [Fact]
    public void Donor_crashes_in_the_middle_and_the_next_takes_over()
    {
        Scenario s = Scenario.Of(Three, inGroup: ["a", "b"], stateChunks: 30);
        s.Join("c");
        s.RunUntil("c awaits");
        s.Send("b", DeliveryOrder.Agreed, "x1");
        s.RunFor(8);
        s.Crash("a");
        s.RunUntil("b captures");
        s.Send("b", DeliveryOrder.Agreed, "x2");
        s.RunUntil("c has the state");
        s.RunFor(10);
        GoldenFile.Check("donor-crashes", """
            a crashes when it has sent a few of thirty chunks. The cluster view without it is also a group view, the next point:
            b captures there, with x1 in its state. c drops x1, which it had held, and restores what b gives; x2 comes after it.
            """, s);
    }

    [Fact]
    public void Donor_is_cut_off_from_the_joiner_only_and_the_joiner_asks_the_next()
    {
        Scenario s = Scenario.Of(Three, inGroup: ["a", "b"], stateChunks: 3);
        s.Join("c");
        s.RunUntil("c awaits");
        s.CutOneWay("a", "c");
        s.RunUntil("c gives up");
        s.Heal();
        s.RunUntil("c has the state");
        s.RunFor(10);
        GoldenFile.Check("donor-too-slow", """
            Nothing gets from a to c, too short for a suspicion. c gives the transfer up and says so: an agreed change without a
            change of members. At the install of the view that comes of it the next donor, b, captures.
            """, s);
    }

    [Fact]
    public void Nobody_with_state_is_left()
    {
        Scenario s = Scenario.Of(Three, inGroup: ["a"], stateChunks: 30);
        s.Join("c");
        s.RunUntil("c awaits");
        s.Crash("a");
        s.RunUntil("no state is left");
        s.Join("c");
        s.RunFor(30);
        GoldenFile.Check("no-state-left", """
            a, the only member with state, crashes while c waits. The view that removes a settles it everywhere alike: there is
            nobody who could give c the state, so c's join fails and the group ends. Whoever joins then begins it anew.
            """, s);
    }
}
