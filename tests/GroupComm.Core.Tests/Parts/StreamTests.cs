using System.Collections.Generic;
using GroupComm.Core.Messages;
using GroupComm.Core.Streams;
using Xunit;
using static GroupComm.Core.Tests.Parts.Make;
using static GroupComm.DeliveryOrder;

namespace GroupComm.Core.Tests.Parts;

public sealed class StreamTests
{
    [Fact]
    public void Log_keeps_its_numbers_while_it_grows_and_drops_at_the_front()
    {
        var log = new BundleLog();
        for (int i = 0; i < 100; i++)
        {
            log.Add(Bundle(0, 2 * i + 1, [0], Plain(Fifo, 2)));
            if (i % 3 == 2)
                Assert.Equal(2 * (i / 3) + 1, log.DropFirst().First);
        }
        Assert.Equal((33, 100, 67), (log.FirstIndex, log.EndIndex, log.Count));
        for (long i = log.FirstIndex; i < log.EndIndex; i++)
            Assert.Equal(2 * i + 1, log[i].First);
    }

    [Fact]
    public void Log_finds_the_bundle_of_a_sequence()
    {
        var log = new BundleLog();
        log.Add(Bundle(0, 1, [0], Plain(Fifo, 3)));
        log.Add(Bundle(0, 4, [0], Plain(Fifo)));
        log.Add(Bundle(0, 5, [0], Plain(Fifo, 2)));
        Assert.Equal([0, 0, 0, 1, 2, 2, 3], [log.IndexOf(1), log.IndexOf(2), log.IndexOf(3), log.IndexOf(4), log.IndexOf(5), log.IndexOf(6), log.IndexOf(7)]);
        log.DropFirst();
        Assert.Equal(1, log.IndexOf(2));
    }

    [Fact]
    public void Stream_takes_no_duplicate_and_no_gap()
    {
        InStream stream = Stream(Bundle(0, 1, [0], Plain(Fifo, 2)));
        Assert.False(stream.TryAppend(Bundle(0, 1, [0], Plain(Fifo, 2))));
        Assert.False(stream.TryAppend(Bundle(0, 4, [0], Plain(Fifo))));
        Assert.Equal((2, 1), (stream.Received, stream.Log.Count));
        Assert.True(stream.TryAppend(Bundle(0, 3, [0], Plain(Fifo))));
        Assert.Equal(3, stream.Received);
    }

    [Fact]
    public void Cursor_walks_from_segment_to_segment_and_stops_at_the_limit()
    {
        InStream stream = Stream(Bundle(0, 1, [0], Plain(Fifo, 2), Plain(Agreed)), Bundle(0, 4, [0], Plain(DeliveryOrder.Causal, 2)));
        stream.Limit = 4;
        Cursor cursor = Cursor.Start;
        var met = new List<(long, DeliveryOrder)>();
        while (stream.TryAt(ref cursor, out Bundle bundle))
            met.Add((cursor.Next++, bundle[cursor.Segment].Order));
        Assert.Equal([(1, Fifo), (2, Fifo), (3, Agreed), (4, DeliveryOrder.Causal)], met);
    }

    [Fact]
    public void Only_bundles_that_are_stable_held_and_passed_are_dropped()
    {
        InStream stream = Stream(Bundle(0, 1, [0], Plain(Fifo, 2)), Bundle(0, 3, [0], Plain(Fifo)), Bundle(0, 4, [0], Plain(Fifo)));
        (stream.Held.Next, stream.Passed.Next) = (4, 3);
        stream.Trim(1);
        Assert.Equal(3, stream.Log.Count);
        stream.Trim(9);
        Assert.Equal((2, 1), (stream.Log.Count, stream.Log.FirstIndex));
        Assert.True(stream.TryAt(ref stream.Passed, out Bundle next));
        Assert.Equal(3, next.First);
    }

    [Fact]
    public void Copy_has_every_kept_bundle_that_reaches_into_the_range()
    {
        InStream stream = Stream(Bundle(0, 1, [0], Plain(Fifo, 2)), Bundle(0, 3, [0], Plain(Fifo, 2)), Bundle(0, 5, [0], Plain(Fifo)));
        var copy = new List<Bundle>();
        stream.CopyTo(copy, after: 3, upTo: 4);
        Assert.Equal(3, Assert.Single(copy).First);
        copy.Clear();
        stream.CopyTo(copy, after: 1, upTo: 3);
        Assert.Equal([1, 3], copy.ConvertAll(static bundle => bundle.First));
    }
}
