using System;
using System.Linq;
using GroupComm.Testing.Simulation;
using Xunit;

namespace GroupComm.Core.Tests.Golden;

/// <summary>Who reaches whom: links that fail one by one and in one direction.</summary>
public sealed class DetectionStories
{
    private static readonly string[] Three = ["a", "b", "c"];
    private static readonly string[] Five = ["a", "b", "c", "d", "e"];

    [Fact]
    public void Ring_of_majorities()
    {
        Scenario s = Scenario.Of(Five);
        CutToRing(s);
        s.RunUntil("e is not primary");
        s.Send("a", DeliveryOrder.Agreed, "x1");
        s.RunFor(500);
        Assert.Equal(0, Count(s, "wedges"));
        s.Heal();
        s.RunUntil("e is primary again");
        s.RunFor(100);
        Assert.True(Count(s, "installs view") == 0, s.Log.ToString());
        GoldenFile.Check("ring-of-majorities", """
            Each of five reaches its two neighbours only. Everybody hears a majority, but no three hear each other: no view would
            last, so none is proposed. All say that they are not primary and which links fail, and go on when they work again.
            """, s);
    }

    [Fact]
    public void Deaf_coordinator()
    {
        Scenario s = Scenario.Of(Five);
        foreach (string other in Five[1..])
            s.CutOneWay(other, "a");
        s.RunUntil("e installs view 2");
        s.RunFor(5);
        s.Heal();
        s.RunUntil("a#2 installs view 3");
        GoldenFile.Check("deaf-coordinator", """
            a, coordinator and sequencer, hears nobody, though everybody hears a. It says that it is not primary and wedges nothing;
            the others read from its heartbeats whom it does not hear, and b, lowest of the best set, goes on without it.
            """, s);
    }

    [Fact]
    public void Coordinator_outside_the_best_set()
    {
        Scenario s = Scenario.Of(Five);
        s.CutBoth("a", "c");
        s.CutBoth("a", "d");
        s.RunFor(150);
        s.Leave("e");
        s.RunUntil("d installs view 2");
        s.RunFor(5);
        s.Heal();
        s.RunUntil("a#2 installs view 3");
        Assert.True(s.Log.Says("without a (cannot hear 2 (c#1))"), s.Log.ToString());
        GoldenFile.Check("coordinator-hands-over", """
            a loses its links with c and d, and begins a change before it knows. b, c, d and e all hear each other; a hears
            a quorum but is in no set of four. It proposes nothing and hands over to b, whose higher ballot goes on without a.
            """, s);
    }

    [Theory]
    [InlineData("c", "d")]
    [InlineData("d", "c")]
    public void Joiner_behind_a_broken_link_is_told_which_and_no_view_comes_or_goes(string from, string to)
    {
        Scenario s = Scenario.Of(Three);
        s.Start("d");
        s.CutOneWay(from, to);
        s.RunFor(8000);
        Assert.Equal(0, Count(s, "installs view"));
        Assert.Contains("d waits: is not admitted to view 1 of a, b, c: each member and this node must reach each other, failing links: d-c", s.Log.ToString(), StringComparison.Ordinal);
        s.Heal();
        s.RunUntil("d installs view 2");
        Assert.Null(s.End());
    }

    [Fact]
    public void Member_whose_link_breaks_for_good_is_excluded_once_and_not_admitted_again()
    {
        Scenario s = Scenario.Of([.. Three, "d"]);
        s.CutOneWay("c", "d");
        s.RunFor(10_000);
        Assert.True(s.Log.Says("without d (cannot hear 2 (c#1))"), s.Log.ToString());
        Assert.Equal(3, Count(s, "installs view 2"));
        Assert.Equal(3, Count(s, "installs view "));
        Assert.True(s.Log.Says("failing links: d-c"), s.Log.ToString());
        s.Heal();
        s.RunUntil("d#2 installs view 3");
        Assert.Null(s.End());
    }

    [Theory]
    [InlineData("silent 0.")]
    [InlineData("connection refused")]
    [InlineData("left")]
    [InlineData("new incarnation")]
    [InlineData("cannot hear 0 (a#1)")]
    [InlineData("cannot be heard by 1 (b#1)")]
    public void Reason_reaches_the_view_and_the_group_view(string reason)
    {
        Scenario s = Scenario.Of(Three);
        switch (reason)
        {
            case "silent 0.":
                s.CutBoth("a", "c");
                s.CutBoth("b", "c");
                break;
            case "connection refused":
                s.Crash("c");
                break;
            case "left":
                s.Leave("c");
                break;
            case "new incarnation":
                s.CutBoth("a", "c"); // nobody sees it go
                s.CutBoth("b", "c");
                s.Crash("c");
                s.Heal();
                s.Start("c");
                break;
            case "cannot hear 0 (a#1)":
                s.CutOneWay("a", "c");
                break;
            default:
                s.CutOneWay("c", "b");
                break;
        }
        s.RunUntil("b installs view 2");
        s.RunFor(1);
        Assert.True(s.Log.Says($"without c ({reason}"), s.Log.ToString());
        Assert.Contains(s.Log.ToString().Split('\n'), line => line.Contains("b installs g view", StringComparison.Ordinal) && line.Contains($"({reason}", StringComparison.Ordinal));
    }

    private static void CutToRing(Scenario s)
    {
        s.CutBoth("a", "c");
        s.CutBoth("a", "d");
        s.CutBoth("b", "d");
        s.CutBoth("b", "e");
        s.CutBoth("c", "e");
    }

    private static int Count(Scenario s, string what) => s.Log.ToString().Split('\n').Count(line => line.Contains(what, StringComparison.Ordinal));
}
