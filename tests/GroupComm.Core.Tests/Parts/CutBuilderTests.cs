using GroupComm.Core.Flush;
using GroupComm.Core.Messages;
using GroupComm.Core.Streams;
using GroupComm.Core.Total;
using Xunit;
using static GroupComm.Core.Tests.Parts.Make;
using static GroupComm.DeliveryOrder;

namespace GroupComm.Core.Tests.Parts;

public sealed class CutBuilderTests
{
    [Fact]
    public void Stream_is_cut_before_the_first_message_whose_past_is_outside()
    {
        InStream[] streams = [Stream(Bundle(0, 1, [0, 0], Plain(Fifo, 3))), Stream(Bundle(1, 1, [2, 0], Plain(DeliveryOrder.Causal)), Bundle(1, 2, [3, 0], Plain(DeliveryOrder.Causal)))];
        Assert.Equal([2, 1], Closed([2, 2], streams));
        Assert.Equal([3, 2], Closed([3, 2], streams));
    }

    [Fact]
    public void Fifo_message_is_not_cut_for_its_stamp_but_one_that_opens_a_group_view_is()
    {
        InStream[] plain = [Stream(Bundle(0, 1, [0, 0], Plain(Fifo))), Stream(Bundle(1, 1, [1, 0], Plain(Fifo, 2)))];
        Assert.Equal([0, 2], Closed([0, 2], plain));
        InStream[] stamped = [plain[0], Stream(Bundle(1, 1, [1, 0], Plain(Fifo), Plain(Fifo, stamped: true), Plain(Fifo)))];
        Assert.Equal([0, 1], Closed([0, 3], stamped));
    }

    [Fact]
    public void Bundle_is_cut_at_its_first_causal_message()
    {
        InStream[] streams = [Stream(), Stream(Bundle(1, 1, [1, 0], Plain(Fifo, 2), Plain(Agreed), Plain(Fifo)))];
        Assert.Equal([0, 2], Closed([0, 4], streams));
    }

    [Fact]
    public void What_is_cut_takes_along_whatever_depends_on_it()
    {
        // 2 depends on 1, which depends on 0, of which nothing is here.
        InStream[] streams = [Stream(), Stream(Bundle(1, 1, [1, 0, 0], Plain(DeliveryOrder.Causal))), Stream(Bundle(2, 1, [0, 1, 0], Plain(Safe)))];
        Assert.Equal([0, 0, 0], Closed([0, 1, 1], streams));
    }

    [Fact]
    public void Incomplete_large_message_is_dropped_and_a_complete_one_kept()
    {
        InStream across = Stream(Bundle(0, 1, [0], Plain(Fifo), Fragment(Fifo, 2)), Bundle(0, 3, [0], Fragment(Fifo, 1)), Bundle(0, 4, [0], Fragment(Fifo, 0)));
        Assert.Equal([1], Closed([3], [across]));
        Assert.Equal([1], Closed([2], [across]));
        Assert.Equal([4], Closed([4], [across]));
    }

    [Fact]
    public void Only_the_last_of_two_large_messages_is_dropped()
    {
        InStream stream = Stream(Bundle(0, 1, [0], Fragment(Fifo, 1), Fragment(Fifo, 0), Fragment(Fifo, 2), Fragment(Fifo, 1), Fragment(Fifo, 0)));
        Assert.Equal([2], Closed([4], [stream]));
    }

    [Fact]
    public void Final_sequence_begins_with_the_longest_log_in_its_order()
    {
        InStream[] streams = [Agreeds(0, 2), Agreeds(1, 2)];
        Assert.Equal([new OrderRun(1, 2, 2), new OrderRun(0, 1, 1), new OrderRun(0, 2, 1)], Sequence([new(1, 2, 2), new(0, 1, 1)], [2, 2], streams));
    }

    [Fact]
    public void Numbers_without_a_body_in_the_cut_are_left_out()
    {
        InStream[] streams = [Agreeds(0, 1), Agreeds(1, 3)];
        Assert.Equal(
            [new OrderRun(0, 1, 1), new OrderRun(1, 2, 2)],
            Sequence([new(0, 1, 1), new(1, 3, 3)], [1, 2], streams));
        Assert.Equal([new OrderRun(0, 1, 1)], Sequence([new(1, 3, 3), new(0, 1, 1)], [1, 0], streams));
    }

    [Fact]
    public void What_has_no_number_follows_by_rank_after_its_predecessors()
    {
        // 0's message was sent after it had passed 1's second: rank alone would put it first.
        InStream[] streams = [Stream(Bundle(0, 1, [0, 2, 0], Plain(Agreed))), Agreeds(1, 2, 3), Agreeds(2, 1, 3)];
        Assert.Equal([new OrderRun(1, 2, 2), new OrderRun(0, 1, 1), new OrderRun(2, 1, 1)], Sequence([], [1, 2, 1], streams));
    }

    [Fact]
    public void Of_what_has_no_number_agreed_messages_come_before_safe_ones_unless_they_follow_them()
    {
        InStream[] streams =
        [
            Stream(Bundle(0, 1, [0, 0, 0], Plain(Safe), Plain(Agreed))),
            Stream(Bundle(1, 1, [0, 0, 0], Plain(Agreed))),
            Stream(Bundle(2, 1, [1, 0, 0], Plain(Agreed))),
        ];
        // 1's is free; 0's second stands behind its safe one in the stream, 2's was sent after that safe one was passed.
        Assert.Equal(
            [new OrderRun(1, 1, 1), new OrderRun(0, 1, 1), new OrderRun(0, 2, 1), new OrderRun(2, 1, 1)],
            Sequence([], [2, 1, 1], streams));
    }

    [Fact]
    public void Fifo_and_causal_messages_get_no_number()
    {
        InStream stream = Stream(Bundle(0, 1, [0], Plain(Fifo, 2), Plain(Agreed, 2), Plain(DeliveryOrder.Causal), Plain(Safe), Plain(Fifo)));
        Assert.Equal([new OrderRun(0, 4, 2), new OrderRun(0, 6, 1)], Sequence([], [7], [stream]));
        Assert.Equal([new OrderRun(0, 3, 1)], Sequence([], [3], [stream]));
    }

    [Fact]
    public void Delivered_part_of_a_clipped_run_counts_although_its_bodies_are_gone()
    {
        InStream stream = Stream(Bundle(0, 1, [0], Plain(Agreed, 2)), Bundle(0, 3, [0], Plain(Agreed)), Bundle(0, 4, [0], Plain(Agreed)));
        (stream.Held.Next, stream.Passed.Next) = (4, 3);
        stream.Trim(2);
        var own = new OrderLog(1);
        own.Append(new OrderRun(0, 4, 4));
        own.Deliver(2);
        Assert.Equal([new OrderRun(0, 3, 3)], CutBuilder.Sequence(own, 0, [new OrderRun(0, 4, 4)], [3], [stream], keepHoles: false));
    }

    private static long[] Closed(long[] cut, InStream[] streams)
    {
        CutBuilder.Close(cut, streams, keepFragmentTail: false);
        return cut;
    }

    private static InStream Agreeds(int sender, int count, int ranks = 2) => Stream(Bundle(sender, 1, new long[ranks], Plain(Agreed, count)));

    private static OrderRun[] Sequence(OrderRun[] log, long[] cut, InStream[] streams)
    {
        var own = new OrderLog(streams.Length);
        foreach (OrderRun run in log)
            own.Append(run);
        return CutBuilder.Sequence(own, 0, log, cut, streams, keepHoles: false);
    }
}
