using System;
using BenchmarkDotNet.Attributes;
using GroupComm.Core;
using GroupComm.Core.Messages;
using GroupComm.Core.Streams;

namespace GroupComm.Benchmarks.Tests;

/// <summary>One turn of the core of a cluster of one: so many agreed messages submitted, ordered, delivered and consumed.</summary>
[MemoryDiagnoser]
public class CoreBenchmarks
{
    private readonly EffectList _effects = new();
    private readonly byte[] _payload = new byte[64];
    private SubmitGate _gate = null!;
    private NodeCore _core = null!;
    private int _group;
    private long _now;

    [Params(1, 100)]
    public int Messages { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        CoreOptions options = new() { Self = new NodeInfo(new NodeId("n1", 1), "n1"), WallClockMs = 1_000_000 };
        _gate = new SubmitGate(new PlainBlocks(), options.SendWindow);
        _core = new NodeCore(options, _gate, 0);
        _core.ChangeGroup(new GroupChange(Join: true, "g", 1, "m1", new GroupTraits(Open: true, AgreedOnly: false), "join"), _effects);
        for (int i = 0; _group == 0; i++)
        {
            _core.Tick(_now += options.Times.Tick, _effects);
            Turn();
            if (i > 1000)
                throw new InvalidOperationException("the core installed no group view");
        }
    }

    [Benchmark]
    public int Turns()
    {
        for (int i = 0; i < Messages; i++)
            if (_gate.TrySubmit(_group, 1, null, DeliveryOrder.Agreed, _payload, fromHandler: false, out _, out _) != Admission.Admitted)
                throw new InvalidOperationException("not admitted");
        int delivered = Turn();
        return delivered == Messages ? delivered : throw new InvalidOperationException($"{delivered} delivered");
    }

    private int Turn()
    {
        int delivered = 0;
        _core.EndTurn(_now, _effects);
        for (int i = 0; i < _effects.Count; i++)
        {
            Effect effect = _effects[i];
            if (effect.Subject is InstalledGroupView view)
                _group = view.Group.Number;
            if (effect.Kind != EffectKind.Deliver)
                continue;
            delivered += effect.Count;
            _core.Consumed(effect.Bundle.View, effect.Bundle.Sender, effect.First + effect.Count - 1);
            effect.Bundle.Release();
        }
        _effects.Clear();
        return delivered;
    }
}
