using System.Collections.Generic;
using System.Linq;
using GroupComm.Core.Groups;
using GroupComm.Core.Messages;
using Xunit;
using static GroupComm.Core.Tests.Parts.Make;

namespace GroupComm.Core.Tests.Parts;

public sealed class GroupTableTests
{
    private const ulong Three = 0b111;

    [Fact]
    public void First_join_makes_the_group_at_once()
    {
        var table = new GroupTable();
        GroupOutcome outcome = Join(table, "a", "x");
        Assert.Equal((null, 0, 1L, 1L), (outcome.Refused, outcome.Opened, outcome.Installed!.Group.ViewNumber, outcome.Installed.Group.InstalledIn));
        Assert.Equal(["x@a"], Members(outcome));
    }

    [Fact]
    public void Later_join_is_installed_by_the_last_mark_of_all()
    {
        var table = new GroupTable();
        Join(table, "a", "x");
        Assert.Equal(new GroupOutcome(null, null, 1), Join(table, "b", "y"));
        Assert.Equal(default, Mark(table, 0, 2));
        Assert.Equal(default, Mark(table, 0, 2));
        Assert.Equal(default, Mark(table, 2, 2));
        GroupOutcome last = Mark(table, 1, 2);
        Assert.Equal((2L, 0), (last.Installed!.Group.ViewNumber, last.Opened));
        Assert.Equal(["x@a", "y@b"], Members(last));
        Assert.Equal(["y"], last.Installed.Joined.Select(static m => m.Name));
    }

    [Fact]
    public void Mark_of_another_view_counts_for_nothing()
    {
        var table = new GroupTable();
        Join(table, "a", "x");
        Join(table, "b", "y");
        for (int rank = 0; rank < 3; rank++)
        {
            Assert.Equal(default, Mark(table, rank, 1));
            Assert.Equal(default, Mark(table, rank, 3));
        }
        Assert.Equal(1, table.Find("g")!.ViewNumber);
    }

    [Fact]
    public void Changes_that_come_meanwhile_wait_and_are_installed_together_as_the_next()
    {
        var table = new GroupTable();
        Join(table, "a", "x");
        Join(table, "b", "y");
        Assert.Equal(default, Join(table, "c", "z"));
        Assert.Equal(default, Leave(table, "a", "x"));
        Mark(table, 0, 2);
        Mark(table, 1, 2);
        GroupOutcome first = Mark(table, 2, 2);
        Assert.Equal(["x@a", "y@b"], Members(first));
        Assert.Equal(1, first.Opened);
        Mark(table, 0, 3);
        Mark(table, 1, 3);
        Assert.Equal(["y@b", "z@c"], Members(Mark(table, 2, 3)));
    }

    [Fact]
    public void What_cannot_be_is_refused_with_its_reason()
    {
        var table = new GroupTable();
        Join(table, "a", "x");
        Assert.Equal("the member name 'x' is in use in 'g' on this node", Join(table, "a", "x").Refused);
        Assert.Null(Join(table, "b", "x").Refused);
        Assert.Equal("the member name 'x' is in use in 'g' on this node", Join(table, "b", "x").Refused); // although it only waits
        Assert.Equal("'y' is no member of 'g'", Leave(table, "a", "y").Refused);
        Assert.Equal("the group does not exist", table.Apply(Id("a"), new GroupChange(false, "h", 1, "x", null, "leave"), Make.View, false).Refused);
        var closed = new GroupTraits(Open: false, AgreedOnly: false);
        Assert.Equal(
            "the group 'g' was created with open, all orders, not closed, all orders",
            table.Apply(Id("c"), new GroupChange(true, "g", 1, "z", closed, "join"), Make.View, false).Refused);
    }

    [Fact]
    public void Agreed_only_group_changes_without_marks()
    {
        var table = new GroupTable();
        var traits = new GroupTraits(Open: true, AgreedOnly: true);
        table.Apply(Id("a"), new GroupChange(true, "g", 1, "x", traits, "join"), Make.View, false);
        GroupOutcome second = table.Apply(Id("b"), new GroupChange(true, "g", 1, "y", traits, "join"), Make.View, false);
        Assert.Equal(["x@a", "y@b"], Members(second));
        Assert.Equal(0, second.Opened);
    }

    [Fact]
    public void Cluster_view_completes_open_changes_and_takes_out_members_of_gone_nodes()
    {
        var table = new GroupTable();
        Join(table, "a", "x");
        Join(table, "b", "y");
        Join(table, "c", "z"); // waits behind y, on a node that is gone
        table.Apply(Id("b"), new GroupChange(true, "h", 2, "w", null, "join"), Make.View, false);
        var next = new ViewKey(7, 2);
        List<InstalledGroupView> installed = table.InstallView(next, [Node("a"), Node("b")]);
        InstalledGroupView only = Assert.Single(installed);
        Assert.Equal(("g", 2L, 2L), (only.Group.Name, only.Group.ViewNumber, only.Group.InstalledIn));
        Assert.Equal(["x@a", "y@b"], only.Group.Members.Select(static m => $"{m.Name}@{m.Node.Name}"));
        Assert.Equal(default, Mark(table, 0, 2)); // marks that come too late find nothing open

        installed = table.InstallView(new ViewKey(7, 3), [Node("b")]);
        Assert.Equal(["x"], Assert.Single(installed).Left.Select(static m => m.Name));
    }

    [Fact]
    public void Later_life_of_a_node_does_not_inherit_its_members()
    {
        var table = new GroupTable();
        Join(table, "a", "x");
        Join(table, "b", "y");
        table.InstallView(Make.View, [Node("a"), Node("b")]);
        InstalledGroupView installed = Assert.Single(table.InstallView(new ViewKey(7, 2), [Node("a"), Node("b", 2)]));
        Assert.Equal(["x@a"], installed.Group.Members.Select(static m => $"{m.Name}@{m.Node.Name}"));
    }

    [Fact]
    public void Numbers_of_a_group_that_comes_again_only_grow()
    {
        var table = new GroupTable();
        Join(table, "a", "x");
        Join(table, "a", "y");
        table.InstallView(Make.View, [Node("a")]);
        Leave(table, "a", "x");
        Leave(table, "a", "y");
        table.InstallView(new ViewKey(7, 2), [Node("a")]);
        Assert.Null(table.Find("g"));
        GroupState again = Join(table, "a", "x").Installed!.Group;
        Assert.Equal((2, 4L), (again.Number, again.ViewNumber));
    }

    [Fact]
    public void Table_of_a_joiner_goes_on_like_the_others()
    {
        var table = new GroupTable();
        Join(table, "a", "x");
        Join(table, "a", "y");
        table.InstallView(Make.View, [Node("a")]);
        GroupTable copy = GroupTable.From(table.ToState());
        foreach (GroupTable each in (GroupTable[])[table, copy])
        {
            Leave(each, "a", "x");
            Mark(each, 0, 3);
            Mark(each, 1, 3);
            Assert.Equal(["y@a"], Members(Mark(each, 2, 3)));
            Assert.Equal(2, each.Apply(Id("b"), new GroupChange(true, "h", 1, "z", null, "join"), Make.View, false).Installed!.Group.Number);
        }
    }

    private static GroupOutcome Join(GroupTable table, string node, string member) =>
        table.Apply(Id(node), new GroupChange(true, "g", 1, member, null, "join"), Make.View, withoutMarks: false);

    private static GroupOutcome Leave(GroupTable table, string node, string member) =>
        table.Apply(Id(node), new GroupChange(false, "g", 1, member, null, "leave"), Make.View, withoutMarks: false);

    private static GroupOutcome Mark(GroupTable table, int rank, long next) => table.Mark(rank, new GroupMark(1, next), Three, Make.View);

    private static IEnumerable<string> Members(GroupOutcome outcome) => outcome.Installed!.Group.Members.Select(static m => $"{m.Name}@{m.Node.Name}");
}
