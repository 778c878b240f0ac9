using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Threading.Tasks;
using HdrHistogram;

namespace GroupComm.Daemon.Bench.Nodes;

/// <summary>
/// Times from send to handler, in nanoseconds. The payload carries the sender's clock: on one machine all processes share
/// it, so a peer can say how long a message took to reach it.
/// </summary>
internal sealed class LatencyProbe
{
    private const long Longest = 60_000_000_000;

    private LongHistogram _own = new(Longest, 3);
    private LongHistogram _others = new(Longest, 3);
    private TaskCompletionSource? _back;
    private TaskCompletionSource? _answer;

    public void Begin() => (_own, _others) = (new LongHistogram(Longest, 3), new LongHistogram(Longest, 3));

    /// <summary>Completes when the next own message is handled, or when a peer has answered it.</summary>
    public Task Expect(bool ofPeer)
    {
        TaskCompletionSource expected = new();
        (_back, _answer) = (ofPeer ? null : expected, ofPeer ? expected : null);
        return expected.Task;
    }

    public void Delivered(in ReadOnlySequence<byte> payload, bool own)
    {
        Span<byte> sent = stackalloc byte[sizeof(long)];
        payload.Slice(0, sizeof(long)).CopyTo(sent);
        long ticks = Stopwatch.GetTimestamp() - BinaryPrimitives.ReadInt64LittleEndian(sent);
        long nanoseconds = Math.Clamp((long)(ticks * (1e9 / Stopwatch.Frequency)), 1, Longest);
        (own ? _own : _others).RecordValue(nanoseconds);
        if (own)
            Complete(ref _back);
    }

    /// <summary>A peer has handled the message.</summary>
    public void Answered() => Complete(ref _answer);

    /// <summary>times, own p50 p99 p99.9, others' p50 p99 p99.9, in µs; 0 where nothing was measured.</summary>
    public string[] Report() => ["times", .. Of(_own), .. Of(_others)];

    private static void Complete(ref TaskCompletionSource? source)
    {
        if (source is not { } waiting)
            return;
        source = null;
        _ = Task.Run(waiting.SetResult); // the application continues elsewhere, as one that awaits Delivered does
    }

    private static string[] Of(LongHistogram histogram)
    {
        string At(double percentile) => (histogram.TotalCount == 0 ? 0 : histogram.GetValueAtPercentile(percentile) / 1000.0).ToString("0.###", CultureInfo.InvariantCulture);
        return [At(50), At(99), At(99.9)];
    }
}
