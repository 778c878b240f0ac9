using GroupComm.Core.Flow;
using Xunit;
using static GroupComm.Core.Flow.ConsumerVerdict;

namespace GroupComm.Core.Tests.Parts;

public sealed class ConsumerWatchTests
{
    [Fact]
    public void Whoever_completes_nothing_for_the_whole_time_is_removed_once()
    {
        ConsumerWatch watch = new(timeout: 100, removes: true, cap: 0);
        Assert.Equal(Fine, watch.Look(1000, waits: true, 5, 10, exempt: false));
        Assert.Equal(Fine, watch.Look(1099, waits: true, 5, 10, exempt: false));
        Assert.Equal(Remove, watch.Look(1100, waits: true, 5, 10, exempt: false));
        Assert.Equal(Fine, watch.Look(1300, waits: true, 5, 10, exempt: false));
    }

    [Fact]
    public void One_message_in_time_is_enough_and_nobody_is_slow_who_has_nothing_to_do()
    {
        ConsumerWatch watch = new(timeout: 100, removes: true, cap: 0);
        watch.Look(1000, waits: true, 5, 10, exempt: false);
        Assert.Equal(Fine, watch.Look(1099, waits: true, 6, 10, exempt: false));
        Assert.Equal(Fine, watch.Look(1198, waits: true, 6, 10, exempt: false));
        Assert.Equal(Fine, watch.Look(1199, waits: false, 6, 0, exempt: false));
        Assert.Equal(Fine, watch.Look(9000, waits: false, 6, 0, exempt: false));
        Assert.Equal(Fine, watch.Look(9001, waits: true, 6, 10, exempt: false));
        Assert.Equal(Fine, watch.Look(9099, waits: true, 6, 10, exempt: true)); // in state transfer
        Assert.Equal(Fine, watch.Look(9198, waits: true, 6, 10, exempt: false));
        Assert.Equal(Remove, watch.Look(9199, waits: true, 6, 10, exempt: false));
    }

    [Fact]
    public void With_report_it_is_said_once_per_stall_and_the_queue_decides()
    {
        ConsumerWatch watch = new(timeout: 100, removes: false, cap: 50);
        watch.Look(1000, waits: true, 5, 10, exempt: false);
        Assert.Equal(Report, watch.Look(1100, waits: true, 5, 50, exempt: false));
        Assert.True(watch.IsReported);
        Assert.Equal(Fine, watch.Look(1200, waits: true, 5, 50, exempt: false));
        Assert.Equal(Fine, watch.Look(1300, waits: true, 6, 50, exempt: false));
        Assert.False(watch.IsReported);
        Assert.Equal(Report, watch.Look(1400, waits: true, 6, 50, exempt: false));
        Assert.Equal(Remove, watch.Look(1401, waits: true, 6, 51, exempt: false));
    }
}
