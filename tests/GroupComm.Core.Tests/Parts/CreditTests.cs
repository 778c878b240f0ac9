using System.Collections.Generic;
using GroupComm.Core.Messages;
using GroupComm.Core.Streams;
using GroupComm.Testing.Simulation;
using Xunit;

namespace GroupComm.Core.Tests.Parts;

/// <summary>Two cores and nothing between them: when the sender hears that what it sent was consumed.</summary>
public sealed class CreditTests
{
    private const int Window = 800;

    private readonly EffectList _effects = new();
    private readonly List<(NodeId To, Message Message)> _underWay = [];
    private readonly Peer _a = new("a");
    private readonly Peer _b = new("b");
    private long _now;

    private sealed class Peer(string name)
    {
        public readonly NodeId Id = new(name, 1);
        public readonly SubmitGate Gate = new(SimBlocks.Shared, Window);
        public readonly List<(ViewKey View, int Rank, long Last)> Delivered = [];
        public NodeCore Core = null!;
        public int Group;
    }

    /// <summary>Nobody sends anything any more, and all windows are full: a receiver that tells of its consumption only with what it
    /// receives next, or with a heartbeat, lets everybody stand still until then.</summary>
    [Fact]
    public void What_was_consumed_after_the_last_message_gives_the_window_back_at_once()
    {
        Start();
        while (_a.Gate.TrySubmit(_a.Group, 1, null, DeliveryOrder.Agreed, new byte[40], fromHandler: false, out _, out _) == Admission.Admitted)
        {
        }
        Settle();
        Consume(_a); // its own
        Settle();
        Assert.True(_a.Gate.Unconsumed > Window * 3 / 4, $"{_a.Gate.Unconsumed} before b consumed anything");
        Consume(_b);
        Settle();
        Assert.InRange(_a.Gate.Unconsumed, 0, Window / 8);
    }

    private void Start()
    {
        foreach (Peer peer in new[] { _a, _b })
        {
            CoreOptions options = new() { Self = new NodeInfo(peer.Id, peer.Id.Name), WallClockMs = 1_000_000, ExpectedNodes = 2, SendWindow = Window };
            peer.Core = new NodeCore(options, peer.Gate, 0);
            peer.Core.ChangeGroup(new GroupChange(Join: true, "g", 1, "m", new GroupTraits(Open: true, AgreedOnly: false), "join"), _effects);
        }
        _a.Core.LinkUp(_b.Id, _now, _effects);
        Carry(_a);
        _b.Core.LinkUp(_a.Id, _now, _effects);
        Carry(_b);
        for (int i = 0; i < 100; i++)
        {
            _now += 50;
            foreach (Peer peer in new[] { _a, _b })
            {
                peer.Core.Tick(_now, _effects);
                Carry(peer);
            }
            Settle();
        }
        Assert.True(_a.Group != 0 && _b.Group != 0, "no group view");
        foreach (Peer peer in new[] { _a, _b })
            Consume(peer);
        Settle();
    }

    private void Consume(Peer peer)
    {
        foreach ((ViewKey view, int rank, long last) in peer.Delivered)
            peer.Core.Consumed(view, rank, last);
        peer.Delivered.Clear();
    }

    /// <summary>Turns and frames until nothing is left; no time passes.</summary>
    private void Settle()
    {
        do
        {
            (NodeId To, Message Message)[] frames = [.. _underWay];
            _underWay.Clear();
            foreach ((NodeId to, Message message) in frames)
            {
                Peer peer = to == _a.Id ? _a : _b;
                peer.Core.Receive(peer == _a ? _b.Id : _a.Id, message, _now, _effects);
                Carry(peer);
            }
            foreach (Peer peer in new[] { _a, _b })
            {
                peer.Core.EndTurn(_now, _effects);
                Carry(peer);
            }
        }
        while (_underWay.Count > 0);
    }

    private void Carry(Peer peer)
    {
        for (int i = 0; i < _effects.Count; i++)
        {
            Effect effect = _effects[i];
            if (effect.Kind is EffectKind.Send or EffectKind.Broadcast)
                _underWay.Add((peer == _a ? _b.Id : _a.Id, effect.Message));
            else if (effect.Subject is InstalledGroupView view)
                peer.Group = view.Group.Number;
            else if (effect.Kind == EffectKind.Deliver)
                peer.Delivered.Add((effect.Bundle.View, effect.Bundle.Sender, effect.First + effect.Count - 1));
        }
        _effects.Clear();
    }
}
