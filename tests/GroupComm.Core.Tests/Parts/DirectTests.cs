using System.Collections.Generic;
using System.Linq;
using GroupComm.Core.Direct;
using GroupComm.Core.Messages;
using Xunit;

namespace GroupComm.Core.Tests.Parts;

public sealed class DirectTests
{
    [Fact]
    public void What_is_not_acknowledged_goes_out_again_from_there()
    {
        var to = new DirectOut();
        for (int i = 0; i < 3; i++)
            to.Add(Item());
        Assert.Equal((3, 1L), (to.Take(out long first).Count, first));
        Assert.False(to.HasUnsent);
        to.Acknowledge(1, 0);
        to.SendAgain();
        Assert.Equal((2, 2L), (to.Take(out first).Count, first));
        to.SendAgain();
        to.Acknowledge(3, 3); // of the first sending, late
        Assert.False(to.HasUnsent);
        Assert.Equal((0, 0L), (to.Kept, to.Bytes));
    }

    [Fact]
    public void Room_comes_back_when_members_have_handled_what_they_got()
    {
        var to = new DirectOut();
        Assert.True(to.HasRoom(int.MaxValue, 10)); // one always goes
        to.Add(Item(100));
        Assert.False(to.HasRoom(1, 100));
        to.Take(out _);
        to.Acknowledge(1, 0);
        Assert.False(to.HasRoom(1, 100));
        to.Acknowledge(1, 1);
        Assert.True(to.HasRoom(1, 100));
    }

    [Fact]
    public void Frame_is_closed_at_its_size_and_a_large_item_goes_alone()
    {
        var to = new DirectOut();
        to.Add(Item(10));
        to.Add(Item(DirectLimits.MaxPayload));
        to.Add(Item(10));
        Assert.Single(to.Take(out _));
        Assert.Single(to.Take(out _));
        Assert.Single(to.Take(out long last));
        Assert.Equal(3, last);
    }

    [Fact]
    public void Doubles_and_gaps_are_not_taken()
    {
        var from = new DirectIn();
        Take(from, 1, 2);
        Take(from, 1, 3);
        Assert.Equal(3, from.Received);
        Take(from, 5, 1);
        Assert.Equal(3, from.Received);
        Assert.Equal([1L, 2, 3], [from.Deliver(), from.Deliver(), from.Deliver()]);
        Assert.False(from.HasWaiting);
        Assert.True(from.OwesAck(tick: false));
        from.Said();
        Assert.False(from.OwesAck(tick: true));
        Take(from, 2, 1); // a double: the sender did not hear of it
        Assert.True(from.OwesAck(tick: false));
    }

    [Fact]
    public void Nonsense_acknowledgement_changes_nothing()
    {
        var to = new DirectOut();
        to.Add(Item());
        to.Take(out _);
        to.Acknowledge(2, 0);
        to.Acknowledge(1, 2);
        Assert.Equal(1, to.Kept);
    }

    [Fact]
    public void Stuck_is_what_did_not_move_for_a_whole_interval()
    {
        var to = new DirectOut();
        Assert.False(to.IsStuck());
        to.Add(Item());
        to.Take(out _);
        Assert.False(to.IsStuck());
        Assert.True(to.IsStuck());
        to.Acknowledge(1, 1);
        Assert.False(to.IsStuck());
    }

    private static void Take(DirectIn from, long first, int count) =>
        from.Take(new Messages.Direct(Make.View, first, [.. Enumerable.Range(0, count).Select(_ => Item())]), takeDoubles: false);

    private static DirectItem Item(int size = 8) => new(DirectKind.Message, 1, 1, 1, 1, null, 0, 0, new byte[size]);
}
