using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Numerics;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Daemon.Bench.Nodes;

/// <summary>A message about something: messages about different things may be handled side by side.</summary>
[GroupMessage("bench-keyed")]
internal sealed record KeyedMessage(int Key, byte[] Body);

/// <summary>
/// Two groups with the same handler: one says by which key messages conflict, the other does not. The handler works at the node
/// that sends; elsewhere it only takes note of what it was given, so that one node has the machine's processors.
/// </summary>
internal sealed class KeyBench(IBenchPort port, IGroupCommNode node, DeliveryOrder order)
{
    /// <summary>The two groups.</summary>
    public const string Ordered = "ordered", Keyed = "keyed";

    private readonly Dictionary<string, Side> _sides = [];

    /// <summary>Joins both; work is rounds of <see cref="Work.Do"/>, 0: none.</summary>
    public async Task JoinAsync(int keys, int work)
    {
        foreach (string name in (string[])[Ordered, Keyed])
        {
            Side side = new(keys);
            _sides.Add(name, side);
            side.Group = await node.JoinAsync(name, g => g
                .Register<KeyedMessage>((message, _, _) => Handle(side, message, work), name == Keyed ? static message => message.Key : null)
                .RegisterBytes((_, _, _) => End(name, side))).ConfigureAwait(false);
        }
        port.Say("keys");
    }

    public void Begin(string which)
    {
        _sides[which].Begin();
        port.Say("ready");
    }

    /// <summary>Keys are drawn at random, the same in both groups.</summary>
    public async Task SendAsync(string which, int milliseconds, int size, int most)
    {
        Side side = _sides[which];
        side.InFlight = new InFlight(most);
        Random random = new(11);
        byte[] body = new byte[size];
        long until = Stopwatch.GetTimestamp() + (Stopwatch.Frequency * milliseconds / 1000);
        for (long number = 1; Stopwatch.GetTimestamp() < until; number++)
        {
            await side.InFlight.EnterAsync().ConfigureAwait(false);
            BinaryPrimitives.WriteInt64LittleEndian(body, number);
            await side.Group!.SendAsync(new KeyedMessage(random.Next(side.Keys), body), order).ConfigureAwait(false);
        }
        await side.Group!.SendBytesAsync(new byte[1], order).ConfigureAwait(false);
    }

    private static ValueTask Handle(Side side, KeyedMessage message, int work)
    {
        side.Add(message.Key, BinaryPrimitives.ReadUInt64LittleEndian(message.Body) + Work.Do(work));
        side.InFlight?.Leave();
        return ValueTask.CompletedTask;
    }

    /// <summary>Raw bytes conflict with every key: all before them was handled.</summary>
    private ValueTask End(string name, Side side)
    {
        port.Say(["worked", name, .. side.Report()]);
        return ValueTask.CompletedTask;
    }

    /// <summary>What the handler of one group was given: a hash of the sequence of each key, which all nodes must share.</summary>
    private sealed class Side(int keys)
    {
        private readonly ulong[] _hashes = new ulong[keys];
        private UsageMeter _meter = UsageMeter.Begin();
        private long _first;
        private long _count;

        public int Keys => keys;

        public IGroup? Group { get; set; }

        public InFlight? InFlight { get; set; }

        public void Begin()
        {
            Array.Clear(_hashes);
            (_first, _count, InFlight) = (0, 0, null);
            _meter = UsageMeter.Begin();
        }

        public void Add(int key, ulong item)
        {
            if (Interlocked.Increment(ref _count) == 1)
                _first = Stopwatch.GetTimestamp();
            _hashes[key] = (BitOperations.RotateLeft(_hashes[key], 5) ^ item) * 0x9E3779B97F4A7C15;
        }

        /// <summary>count, ms, hash, processor µs, …</summary>
        public string[] Report() =>
        [
            _count.ToString(CultureInfo.InvariantCulture),
            Stopwatch.GetElapsedTime(_first).TotalMilliseconds.ToString("0.###", CultureInfo.InvariantCulture),
            _hashes.Aggregate(0UL, (all, each) => (all * 31) + each).ToString("x16", CultureInfo.InvariantCulture),
            .. _meter.Report(),
        ];
    }
}
