using BenchmarkDotNet.Attributes;
using GroupComm.Core.Causal;
using GroupComm.Core.Delivery;
using GroupComm.Core.Messages;
using GroupComm.Core.Streams;

namespace GroupComm.Benchmarks.Tests;

/// <summary>What decides whether something may go on: the causal hold of a bundle, and the schedule of conflict keys.</summary>
[MemoryDiagnoser]
public class HoldBenchmarks
{
    private const int Bundled = 64;

    private readonly Bundle[] _bundles = new Bundle[Bundled];
    private readonly KeySchedule<int> _schedule = new(limit: 1024);
    private long[] _have = [];
    private long[] _stamp = [];

    [Params(3, 64)]
    public int Nodes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _have = new long[Nodes];
        _stamp = new long[Nodes];
        System.Array.Fill(_have, 1000);
        System.Array.Fill(_stamp, 1000);
        for (int i = 0; i < Bundled; i++)
            _bundles[i] = Bundles.Of(0, 1 + (10 * i), 10, 64, DeliveryOrder.Causal);
    }

    [Benchmark]
    public bool CausalHold() => Stamps.Covered(_stamp, _have, sender: 0);

    [Benchmark]
    public long StreamOfBundles()
    {
        InStream stream = new();
        foreach (Bundle bundle in _bundles)
            stream.TryAppend(bundle);
        long passed = 0;
        while (stream.TryAt(ref stream.Passed, out Bundle at))
        {
            passed++;
            stream.Passed.Next = at.Last + 1;
            stream.Held.Next = at.Last + 1;
        }
        stream.Trim(long.MaxValue);
        return passed;
    }

    [Benchmark]
    public int ConflictKeys()
    {
        for (int key = 0; key < Bundled; key++)
            _schedule.Admit(key);
        int handled = 0;
        while (_schedule.TryStart(out int item))
        {
            _schedule.Complete(item);
            handled++;
        }
        return handled;
    }
}
