using System;
using System.Diagnostics;
using GroupComm.Testing.Laws;
using GroupComm.Testing.Traces;
using Xunit;

namespace GroupComm.Testing.Tests.Laws;

public sealed class CheckerSpeedTests(ITestOutputHelper output)
{
    /// <summary>A passing check of a schedule allocates nothing once its buffers have grown; the time is printed and held to a loose
    /// bound, because test machines are shared (the goal is 250 µs in a release build).</summary>
    [Fact]
    public void A_schedule_of_a_thousand_events_is_checked_in_microseconds_and_without_allocation()
    {
        var history = new History();
        var checker = new LawChecker();
        for (int i = 0; i < 300; i++)
        {
            SyntheticRun.Record(history, processes: 5, rounds: 30, views: 4);
            Assert.True(checker.Check(history).Ok, checker.Check(history).Explain(history));
        }
        double best = double.MaxValue, record = double.MaxValue;
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 2000; i++)
        {
            long t = Stopwatch.GetTimestamp();
            SyntheticRun.Record(history, processes: 5, rounds: 30, views: 4);
            record = Math.Min(record, Stopwatch.GetElapsedTime(t).TotalMicroseconds);
            t = Stopwatch.GetTimestamp();
            checker.Check(history);
            best = Math.Min(best, Stopwatch.GetElapsedTime(t).TotalMicroseconds);
        }
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        double perThousand = best * 1000 / history.EventCount;
        output.WriteLine(FormattableString.Invariant($"{history.EventCount} events: check {best:F1} us, {perThousand:F1} us per 1000; recording {record:F1} us; {allocated / 2000} bytes allocated per run"));
        Assert.True(perThousand < 2500, $"{perThousand} us for 1,000 events");
        Assert.True(allocated / 2000 < 4096, $"{allocated / 2000} bytes per run");
    }

    [Fact]
    public void Time_grows_with_the_events_and_not_with_their_square()
    {
        var history = new History();
        SyntheticRun.Record(history, processes: 5, rounds: 20_000, views: 4);
        long t = Stopwatch.GetTimestamp();
        var checker = new LawChecker();
        Assert.True(checker.Check(history).Ok);
        double check = Stopwatch.GetElapsedTime(t).TotalMilliseconds;
        ReorderingCount reordering = checker.CountReordering();
        output.WriteLine(FormattableString.Invariant($"{history.EventCount} events: check {check:F0} ms, with reordering {Stopwatch.GetElapsedTime(t).TotalMilliseconds:F0} ms, {reordering}"));
        Assert.True(check < 20_000);
        Assert.Equal(0, reordering.CausalInversions);
    }
}
