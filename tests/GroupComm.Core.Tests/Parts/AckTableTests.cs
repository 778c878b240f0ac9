using GroupComm.Core.Stability;
using Xunit;

namespace GroupComm.Core.Tests.Parts;

public sealed class AckTableTests
{
    [Theory]
    [InlineData(new long[] { 5, 3 }, 3)]
    [InlineData(new long[] { 5, 0, 4 }, 4)]
    [InlineData(new long[] { 5, 5, 1, 2 }, 2)]
    [InlineData(new long[] { 9, 8, 7, 6, 5 }, 7)]
    public void Number_is_safe_when_more_than_half_hold_it_and_half_does_not_do(long[] ordered, long safe)
    {
        var table = new AckTable(ordered.Length, 0, AckTable.MoreThanHalf(ordered.Length));
        for (int r = 0; r < ordered.Length; r++)
            table.SetOrdered(r, ordered[r]);
        Assert.Equal(safe, table.SafeNumber());
    }

    [Fact]
    public void Entries_only_grow_and_the_table_says_what_is_news()
    {
        AckTable table = Three();
        Assert.True(table.Set(1, 4, [3, 2, 1], [1, 1, 1], true));
        Assert.False(table.Set(1, 3, [2, 2, 1], [0, 1, 0], false));
        Assert.Equal(4, table.OrderedBy(1));
        Assert.Equal([3, 2, 1], table.HeldBy(1).ToArray());
        Assert.True(table.Set(1, 4, [3, 2, 2], [1, 1, 1], true));
    }

    [Fact]
    public void Stable_is_what_everybody_holds_and_safe_what_more_than_half_hold()
    {
        AckTable table = Three(); // own rank 1
        table.Set(0, 7, [9, 6, 0], [0, 0, 0], false);
        table.Set(1, 5, [4, 8, 0], [0, 0, 0], false);
        table.Set(2, 6, [5, 2, 0], [0, 0, 0], false);
        Assert.Equal((4, 2, 5), (table.Stable(0), table.Stable(1), table.OrderedByAll()));
        Assert.Equal((6, 6), (table.SafeOwn(), table.SafeNumber()));
    }

    [Fact]
    public void Credit_comes_from_the_slowest_member()
    {
        AckTable table = Three();
        table.Set(0, 0, [0, 0, 0], [9, 5, 9], true);
        table.Set(1, 0, [0, 0, 0], [0, 7, 0], true);
        Assert.Equal((0, false), (table.OwnConsumed(), table.PriorConsumed()));
        table.Set(2, 0, [0, 0, 0], [0, 3, 0], false);
        Assert.Equal((3, false), (table.OwnConsumed(), table.PriorConsumed()));
        table.Set(2, 0, [0, 0, 0], [0, 3, 0], true);
        Assert.Equal((3, true), (table.OwnConsumed(), table.PriorConsumed()));
    }

    private static AckTable Three() => new(3, 1, AckTable.MoreThanHalf(3));
}
