using GroupComm.Core.Messages;
using GroupComm.Core.Total;
using Xunit;

namespace GroupComm.Core.Tests.Parts;

public sealed class OrderLogTests
{
    private static readonly OrderRun A2 = new(0, 2, 2), B3 = new(1, 3, 3), A3 = new(0, 3, 1);

    [Fact]
    public void Append_counts_on_and_remembers_how_far_each_rank_has_numbers()
    {
        OrderLog log = Of(A2, B3, A3);
        Assert.Equal((0, 6, 0, 0), (log.Base, log.End, log.Delivered, log.Acknowledged));
        Assert.Equal([3, 3], log.UpTo);
        Assert.Equal([A2, B3, A3], log.Runs);
    }

    [Fact]
    public void Run_is_delivered_in_parts_and_then_the_next_is_due()
    {
        OrderLog log = Of(A2, B3);
        log.Deliver(1);
        Assert.Equal((1, 0, 1), (log.Delivered, log.NextStart, log.TakenOfNext));
        log.Deliver(1);
        Assert.True(log.TryNext(out OrderRun next));
        Assert.Equal((B3, 2, 2, 0), (next, log.Delivered, log.NextStart, log.TakenOfNext));
        log.Deliver(3);
        Assert.False(log.TryNext(out _));
    }

    [Fact]
    public void Delivery_past_the_end_of_a_run_breaks_an_invariant() => Assert.Throws<InvariantException>(() => Of(A2, B3).Deliver(3));

    [Fact]
    public void Acknowledgement_stops_at_the_first_run_that_is_not_held()
    {
        OrderLog log = Of(A2, B3, A3);
        log.Acknowledge([3, 2]);
        Assert.Equal(2, log.Acknowledged);
        log.Acknowledge([3, 3]);
        Assert.Equal(6, log.Acknowledged);
    }

    [Fact]
    public void Only_what_is_delivered_and_acknowledged_by_all_is_dropped_and_whole_runs_at_that()
    {
        OrderLog log = Of(A2, B3, A3);
        log.Acknowledge([3, 3]);
        log.Prune(6);
        Assert.Equal(0, log.Base);
        log.Deliver(2);
        log.Deliver(2);
        log.Prune(1);
        Assert.Equal(0, log.Base);
        log.Prune(6);
        Assert.Equal((2, 6, 4), (log.Base, log.End, log.Delivered));
        Assert.Equal([2, 0], log.UpToAtBase);
        Assert.Equal([B3, A3], log.Runs);
        log.Deliver(1);
        Assert.True(log.TryNext(out OrderRun next));
        Assert.Equal(A3, next);
    }

    [Fact]
    public void What_is_not_acknowledged_here_stays()
    {
        OrderLog log = Of(A2, B3);
        log.Deliver(2);
        log.Prune(2);
        Assert.Equal([A2, B3], log.Runs);
    }

    [Fact]
    public void Finish_takes_the_decided_sequence_and_goes_on_where_delivery_stood()
    {
        OrderLog log = Of(A2, B3);
        log.Deliver(2);
        log.Deliver(1);
        log.Finish(0, [A2, B3, A3]);
        Assert.Equal((6, 3), (log.End, log.Delivered));
        log.Deliver(2);
        Assert.True(log.TryNext(out OrderRun next));
        Assert.Equal(A3, next);
    }

    [Fact]
    public void Decided_sequence_may_clip_what_was_not_delivered()
    {
        OrderLog log = Of(A2, B3);
        log.Deliver(2);
        log.Finish(2, [new OrderRun(1, 1, 1), A3]);
        Assert.Equal((4, 2), (log.End, log.Delivered));
        Assert.Equal([A2, new OrderRun(1, 1, 1), A3], log.Runs);
    }

    [Fact]
    public void Decided_sequence_may_begin_before_the_own_log()
    {
        OrderLog log = Of(A2, B3);
        log.Acknowledge([2, 3]);
        log.Deliver(2);
        log.Prune(2);
        log.Finish(0, [A2, B3, A3]);
        Assert.Equal((2, 6), (log.Base, log.End));
        Assert.Equal([B3, A3], log.Runs);
    }

    [Fact]
    public void Delivered_sequence_that_is_no_prefix_breaks_an_invariant()
    {
        OrderLog log = Of(A2, B3);
        log.Deliver(2);
        Assert.Throws<InvariantException>(() => log.Finish(0, [B3, A2]));
    }

    [Fact]
    public void Delivery_beyond_the_decided_sequence_breaks_an_invariant()
    {
        OrderLog log = Of(A2, B3);
        log.Deliver(2);
        log.Deliver(2);
        Assert.Throws<InvariantException>(() => log.Finish(0, [A2, new OrderRun(1, 1, 1)]));
    }

    [Fact]
    public void Decided_sequence_after_or_across_the_own_log_breaks_an_invariant()
    {
        Assert.Throws<InvariantException>(() => Of(A2).Finish(3, []));
        Assert.Throws<InvariantException>(() => Of(A2, B3).Finish(3, []));
    }

    private static OrderLog Of(params OrderRun[] runs)
    {
        var log = new OrderLog(2);
        foreach (OrderRun run in runs)
            log.Append(run);
        return log;
    }
}
