using System;
using System.Buffers;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Numerics;
using System.Threading;
using GroupComm.Daemon.Children;

namespace GroupComm.Daemon.Bench.Nodes;

/// <summary>
/// What one handler was given between the first message and the last end mark. Agreed and safe: a hash of the sequence; fifo
/// and causal, where nodes differ in order: a hash of the set. Written by one handler at a time.
/// </summary>
internal sealed class Burst(bool sequence)
{
    private readonly bool _sequence = sequence;
    private long _first;
    private long _last;
    private ulong _hash;
    private long _count;
    private int _senders;

    public long Count => Volatile.Read(ref _count);

    public void Begin(int senders) => (_first, _last, _hash, _count, _senders) = (0, 0, 0, 0, senders);

    public void Add(in ReadOnlySequence<byte> payload) => Add(DeliveryDigest.HashOf(payload));

    public void Add(ulong item)
    {
        if (_count++ == 0)
            _first = Stopwatch.GetTimestamp();
        _hash = _sequence ? (BitOperations.RotateLeft(_hash, 5) ^ item) * 0x9E3779B97F4A7C15 : _hash + (item * (item | 1));
    }

    /// <summary>A sender has sent all; true when it was the last.</summary>
    public bool End()
    {
        _last = Stopwatch.GetTimestamp();
        return --_senders == 0;
    }

    /// <summary>burst, count, ms, hash, processor µs, bytes allocated, resident bytes: of all handlers of a node.</summary>
    public static string[] Report(IReadOnlyCollection<Burst> bursts, UsageMeter meter)
    {
        long first = bursts.Where(burst => burst._count > 0).Select(burst => burst._first).DefaultIfEmpty().Min();
        ulong hash = 0;
        foreach (Burst burst in bursts)
            hash = burst._sequence ? (hash * 31) + burst._hash : hash + burst._hash; // of a set, in whatever order the parts are told
        return
        [
            "burst",
            bursts.Sum(burst => burst._count).ToString(CultureInfo.InvariantCulture),
            Stopwatch.GetElapsedTime(first, bursts.Max(burst => burst._last)).TotalMilliseconds.ToString("0.###", CultureInfo.InvariantCulture),
            hash.ToString("x16", CultureInfo.InvariantCulture),
            .. meter.Report(),
        ];
    }
}
