using GroupComm.Core.Stability;
using Xunit;

namespace GroupComm.Core.Tests.Parts;

public sealed class ReadTableTests
{
    private readonly ReadTable _reads = new(false, false, false);
    private readonly AckTable _acks = new(3, 1, AckTable.MoreThanHalf(3)); // own rank 1

    [Fact]
    public void Read_ends_when_more_than_half_hold_the_no_op_and_all_that_they_hold_is_passed()
    {
        Begin(1, sequence: 5);
        Holds(1, 2, 5, 0);
        Assert.Equal(0, _reads.Advance(_acks, 1, [9, 9, 9]));
        Holds(2, 4, 4, 9); // does not hold the no-op: its vector does not count
        Assert.Equal(0, _reads.Advance(_acks, 1, [9, 9, 9]));
        Holds(0, 7, 5, 1);
        Assert.Equal(0, _reads.Advance(_acks, 1, [6, 5, 1]));
        Assert.Equal(1, _reads.Advance(_acks, 1, [7, 5, 1]));
        Assert.Equal(0, _reads.Advance(_acks, 1, [9, 9, 9]));
        Assert.False(_reads.IsOpen);
    }

    [Fact]
    public void Reads_that_begin_in_one_turn_share_a_no_op_and_later_ones_need_another()
    {
        _reads.Begin(1);
        Begin(2, sequence: 5);
        Assert.False(_reads.IsWaiting);
        _reads.Begin(3);
        Assert.True(_reads.IsWaiting);
        Holds(1, 0, 5, 0);
        Holds(0, 0, 5, 0);
        Assert.Equal(2, _reads.Advance(_acks, 1, [0, 5, 0]));
        _reads.Sent(6);
        Assert.Equal(0, _reads.Advance(_acks, 1, [0, 6, 0]));
    }

    [Fact]
    public void Install_ends_what_was_sent_before_the_wedge_and_only_that()
    {
        Begin(1, sequence: 5);
        _reads.Begin(2); // behind the wedge
        Assert.Equal(1, _reads.Install());
        Assert.True(_reads.IsWaiting);
        Assert.Equal(0, _reads.Install());
        _reads.Sent(1);
        Assert.Equal(2, _reads.Install());
        Assert.False(_reads.IsWaiting);
    }

    [Fact]
    public void What_is_given_up_is_named_once()
    {
        Begin(1, sequence: 5);
        _reads.Begin(2);
        Assert.Equal(2, _reads.GiveUp());
        Assert.Equal(0, _reads.GiveUp());
        Assert.Equal(0, _reads.Install());
    }

    private void Begin(long read, long sequence)
    {
        _reads.Begin(read);
        _reads.Sent(sequence);
    }

    private void Holds(int rank, params long[] held) => _acks.Set(rank, 0, held, [0, 0, 0], false);
}
