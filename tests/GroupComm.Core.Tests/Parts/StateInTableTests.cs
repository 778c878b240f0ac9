using System.Linq;
using GroupComm.Core.Groups;
using GroupComm.Core.Messages;
using Xunit;
using static GroupComm.Core.Tests.Parts.Make;

namespace GroupComm.Core.Tests.Parts;

public sealed class StateInTableTests
{
    [Fact]
    public void Founder_has_state_and_a_joiner_awaits_it_from_the_lowest_rank_that_has()
    {
        GroupTable table = Founded("a");
        Assert.Null(Member(table, "a").Awaits);
        InstalledGroupView installed = Join(table, "b")!;
        Assert.Equal(("b", new StateSource(2, Id("a"), 1)), Waits(installed, "b"));
        Assert.Equal(installed.Transfers, installed.Joined);
        Assert.Equal(("c", new StateSource(3, Id("a"), 1)), Waits(Join(table, "c")!, "c"));
    }

    [Fact]
    public void Joiner_without_a_provider_has_nothing_to_wait_for_and_gives_nothing()
    {
        GroupTable table = Founded("a");
        Assert.Empty(Join(table, "b", provider: false)!.Transfers);
        InstalledGroupView gone = table.InstallView(Make.View, [Node("b"), Node("c")]).Single();
        Assert.Empty(gone.Stateless);
        Assert.Empty(Join(table, "c")!.Transfers);
    }

    [Fact]
    public void State_is_there_from_the_agreed_word_on_whatever_attempt_is_under_way()
    {
        GroupTable table = Founded("a");
        Join(table, "b");
        table.Apply(Id("b"), new StateDone(1, 1));
        Assert.Null(Member(table, "b").Awaits);
        table.Apply(Id("x"), new StateDone(1, 1));
        table.Apply(Id("b"), new StateDone(7, 1));
        InstalledGroupView installed = table.InstallView(Make.View, [Node("b")]).Single();
        Assert.Empty(installed.Stateless);
        Assert.Equal(("c", new StateSource(4, Id("b"), 1)), Waits(Join(table, "c")!, "c"));
    }

    [Fact]
    public void Donor_that_goes_is_replaced_at_the_install_that_removes_it()
    {
        GroupTable table = Founded("a");
        Join(table, "b");
        table.Apply(Id("b"), new StateDone(1, 1));
        Join(table, "c");
        InstalledGroupView installed = table.InstallView(Make.View, [Node("b"), Node("c")]).Single();
        Assert.Equal(("c", new StateSource(4, Id("b"), 1)), Waits(installed, "c"));
        Assert.Equal("c", Assert.Single(installed.Transfers).Name);
    }

    [Fact]
    public void View_change_in_which_the_donor_stays_keeps_the_point()
    {
        GroupTable table = Founded("a");
        Join(table, "b");
        Join(table, "c");
        InstalledGroupView installed = table.InstallView(Make.View, [Node("a"), Node("c")]).Single();
        Assert.Empty(installed.Transfers);
        Assert.Equal(3, Member(table, "c").Awaits!.Point);
    }

    [Fact]
    public void Retry_is_a_group_change_that_installs_the_same_members_with_the_next_donor()
    {
        GroupTable table = Founded("a");
        Join(table, "b");
        table.Apply(Id("b"), new StateDone(1, 1));
        Join(table, "c");
        Assert.Equal(new GroupOutcome(null, null, 1), table.Apply(Id("c"), new StateRetry(1, 1, 3), Make.View, false));
        Assert.Equal(default, table.Apply(Id("c"), new StateRetry(1, 1, 3), Make.View, false)); // said twice
        InstalledGroupView installed = Marks(table, 4)!;
        Assert.Equal(("state transfer restarted", 3, 0, 0), (installed.Reason, installed.Group.Members.Count, installed.Joined.Count, installed.Left.Count));
        Assert.Equal(("c", new StateSource(4, Id("b"), 1)), Waits(installed, "c"));
        table.Apply(Id("c"), new StateRetry(1, 1, 4), Make.View, false);
        Assert.Equal(("c", new StateSource(5, Id("a"), 1)), Waits(Marks(table, 5)!, "c")); // wraps
    }

    [Fact]
    public void Retry_of_an_earlier_attempt_counts_for_nothing()
    {
        GroupTable table = Founded("a");
        Join(table, "b");
        Assert.Equal(default, table.Apply(Id("b"), new StateRetry(1, 1, 1), Make.View, false));
        Assert.Equal(default, table.Apply(Id("b"), new StateRetry(1, 9, 2), Make.View, false));
        Assert.Equal(default, table.Apply(Id("b"), new StateRetry(8, 1, 2), Make.View, false));
        Assert.False(table.Find("g")!.ChangeOpen);
    }

    [Fact]
    public void Nobody_with_state_left_takes_out_who_waits_and_who_would()
    {
        GroupTable table = Founded("a");
        Join(table, "b");
        Join(table, "p", provider: false);
        Change(table, "c");
        InstalledGroupView installed = table.InstallView(Make.View, [Node("b"), Node("c"), Node("p")]).Single();
        Assert.Equal(["b", "c"], installed.Stateless.Select(m => m.Name));
        Assert.Equal(["a", "b"], installed.Left.Select(m => m.Name).Order());
        Assert.Equal((0, "p"), (installed.Joined.Count, Assert.Single(installed.Group.Members).Name));
    }

    [Fact]
    public void Nobody_left_at_all_ends_the_group()
    {
        GroupTable table = Founded("a");
        Join(table, "b");
        Assert.Empty(table.InstallView(Make.View, [Node("b")]).Single().Group.Members);
        Assert.Null(table.Find("g"));
    }

    [Fact]
    public void By_its_traits_a_group_begins_empty_when_its_state_is_lost()
    {
        GroupTable table = Founded("a", startEmpty: true);
        Join(table, "b");
        InstalledGroupView installed = table.InstallView(Make.View, [Node("b")]).Single();
        Assert.Empty(installed.Stateless);
        Assert.Null(Assert.Single(installed.Emptied).Awaits);
        Assert.Equal(("c", new StateSource(4, Id("b"), 1)), Waits(Join(table, "c")!, "c"));
    }

    [Fact]
    public void Table_of_a_new_node_knows_who_waits()
    {
        GroupTable table = Founded("a");
        Join(table, "b");
        GroupTable copy = GroupTable.From(table.ToState());
        Assert.Equal(new StateSource(2, Id("a"), 1), Member(copy, "b").Awaits);
        Assert.Equal(["b"], copy.InstallView(Make.View, [Node("b"), Node("c")]).Single().Stateless.Select(m => m.Name));
    }

    private static GroupTable Founded(string node, bool startEmpty = false)
    {
        var table = new GroupTable();
        table.Apply(Id(node), new GroupChange(true, "g", 1, node, new GroupTraits(true, false, startEmpty), "join", true), Make.View, false);
        return table;
    }

    private static void Change(GroupTable table, string node, bool provider = true) =>
        table.Apply(Id(node), new GroupChange(true, "g", 1, node, null, "join", provider), Make.View, false);

    private static InstalledGroupView? Join(GroupTable table, string node, bool provider = true)
    {
        Change(table, node, provider);
        return Marks(table, table.Find("g")!.ViewNumber + 1);
    }

    private static InstalledGroupView? Marks(GroupTable table, long next)
    {
        table.Mark(0, new GroupMark(1, next), 0b11, Make.View);
        return table.Mark(1, new GroupMark(1, next), 0b11, Make.View).Installed;
    }

    private static GroupMember Member(GroupTable table, string node) => table.Find("g")!.Members.Single(m => m.Name == node);

    private static (string, StateSource?) Waits(InstalledGroupView installed, string name)
    {
        GroupMember member = installed.Group.Members.Single(m => m.Name == name);
        return (member.Name, member.Awaits);
    }
}
