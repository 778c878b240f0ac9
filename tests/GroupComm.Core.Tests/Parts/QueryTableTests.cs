using System.Collections.Generic;
using System.Linq;
using GroupComm.Core.Messages;
using GroupComm.Core.Queries;
using Xunit;

namespace GroupComm.Core.Tests.Parts;

public sealed class QueryTableTests
{
    private static readonly GroupMember[] Members = [new(Make.Id("a"), 1, "x"), new(Make.Id("b"), 1, "x"), new(Make.Id("c"), 2, "x")];

    private readonly QueryTable _table = new();
    private readonly EffectList _effects = new();

    [Fact]
    public void All_ends_when_each_answered_or_departed()
    {
        Ask(OpenQuery.All);
        _table.Delivered(1, 9, Members, _effects);
        Answer("a", 1);
        Answer("a", 1); // once
        Answer("d", 1); // not asked
        Assert.Equal(["a answers"], Told());
        _table.Installed(7, [Members[0], Members[2]], _effects);
        Assert.Equal(["b departed"], Told());
        Answer("b", 1); // too late
        Answer("c", 2);
        Assert.Equal(["c answers", "Complete 2/3"], Told());
        Answer("c", 2);
        Assert.Equal((0, 0), (Told().Length, _table.Count));
    }

    [Fact]
    public void Answers_that_come_before_the_own_delivery_count()
    {
        Ask(1);
        Answer("b", 1);
        Answer("c", 2);
        Assert.Empty(Told());
        _table.Delivered(1, 9, Members, _effects);
        Assert.Equal(["b answers", "Complete 1/3"], Told());
    }

    [Fact]
    public void Majority_ends_at_more_than_half_and_fails_when_that_is_out_of_reach()
    {
        Ask(OpenQuery.Majority);
        _table.Delivered(1, 9, Members, _effects);
        Answer("a", 1);
        Answer("b", 1);
        Assert.Equal(["a answers", "b answers", "Complete 2/3"], Told());

        Ask(OpenQuery.Majority);
        _table.Delivered(1, 9, Members, _effects);
        _table.Installed(7, [Members[0]], _effects);
        Assert.Equal(["b departed", "c departed", "OutOfReach 0/3"], Told());
    }

    [Fact]
    public void First_of_more_than_there_are_ends_with_the_last()
    {
        Ask(9);
        _table.Delivered(1, 9, Members, _effects);
        foreach (GroupMember member in Members)
            Answer(member.Node.Name, member.Slot);
        Assert.Equal("Complete 3/3", Told()[^1]);
    }

    [Fact]
    public void Query_of_an_empty_group_view_ends_at_once()
    {
        Ask(OpenQuery.All);
        _table.Delivered(1, 9, [], _effects);
        Assert.Equal(["Complete 0/0"], Told());
    }

    [Fact]
    public void Cancelled_query_and_other_groups_say_nothing()
    {
        Ask(OpenQuery.All);
        _table.Delivered(1, 9, Members, _effects);
        _table.Installed(8, [], _effects);
        _table.Cancel(1, 9);
        Answer("a", 1);
        Assert.Equal((0, 0), (Told().Length, _table.Count));
    }

    private void Ask(int wanted) => _table.Add(new OpenQuery(1, 9, 7, wanted));

    private void Answer(string node, int slot) => _table.Answered(Make.Id(node), new DirectItem(DirectKind.Reply, 7, 1, 1, slot, null, 1, 9, default), _effects);

    private string[] Told()
    {
        var told = new List<string>();
        foreach (Effect effect in _effects.AsSpan().ToArray())
            told.Add(effect.Subject switch
            {
                QueryAnswer answer => $"{answer.Member.Node.Name} {(answer.Item is null ? "departed" : "answers")}",
                QueryEnd end => $"{end.Outcome} {end.Answers}/{end.Responders}",
                _ => effect.Kind.ToString(),
            });
        _effects.Clear();
        return [.. told];
    }
}
