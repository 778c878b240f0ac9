using System.Collections.Generic;
using GroupComm.Core.Messages;
using GroupComm.Core.Streams;
using Xunit;

namespace GroupComm.Core.Tests.Parts;

/// <summary>Two cores with a member of one group each, and nothing between them. Blocks are counted: none is sent after its last release.</summary>
internal sealed class TwoCores
{
    public const int Window = 800;

    private readonly EffectList _effects = new();
    private readonly List<(Peer To, Message Message)> _underWay = [];
    private long _now;

    public TwoCores()
    {
        Peer[] both = [A, B];
        foreach (Peer peer in both)
        {
            CoreOptions options = new() { Self = new NodeInfo(peer.Id, peer.Id.Name), WallClockMs = 1_000_000, ExpectedNodes = 2, SendWindow = Window };
            peer.Core = new NodeCore(options, peer.Gate, 0);
            peer.Core.ChangeGroup(new GroupChange(Join: true, "g", 1, "m", new GroupTraits(Open: true, AgreedOnly: false), "join"), _effects);
        }
        LinkUp(A);
        LinkUp(B);
        for (int i = 0; i < 100; i++)
        {
            _now += 50;
            foreach (Peer peer in both)
            {
                peer.Core.Tick(_now, _effects);
                CarryOut(peer);
            }
            Settle();
        }
        Assert.True(A.Group != 0 && B.Group != 0, "no group view");
        Consume(A);
        Consume(B);
        Settle();
    }

    public Peer A { get; } = new("a");

    public Peer B { get; } = new("b");

    /// <summary>False when the window is full.</summary>
    public static bool TrySend(Peer from, DeliveryOrder order, int size) =>
        from.Gate.TrySubmit(from.Group, 1, null, order, new byte[size], fromHandler: false, out _, out _) == Admission.Admitted;

    /// <summary>The application has handled what was delivered.</summary>
    public void Consume(Peer peer)
    {
        foreach ((Bundle bundle, long last) in peer.Delivered)
        {
            peer.Core.Consumed(bundle.View, bundle.Sender, last);
            bundle.Release();
        }
        peer.Delivered.Clear();
    }

    public void LinkUp(Peer peer)
    {
        peer.Core.LinkUp(Other(peer).Id, _now, _effects);
        CarryOut(peer);
    }

    /// <summary>One turn: what is under way to the peer, all at once.</summary>
    public void Turn(Peer peer)
    {
        (Peer To, Message Message)[] frames = [.. _underWay.FindAll(frame => frame.To == peer)];
        _underWay.RemoveAll(frame => frame.To == peer);
        foreach ((_, Message message) in frames)
            peer.Core.Receive(Other(peer).Id, message, _now, _effects);
        peer.Core.EndTurn(_now, _effects);
        CarryOut(peer);
    }

    /// <summary>Turns until nothing is under way; no time passes.</summary>
    public void Settle()
    {
        do
        {
            Turn(A);
            Turn(B);
        }
        while (_underWay.Count > 0);
    }

    private Peer Other(Peer peer) => peer == A ? B : A;

    private void CarryOut(Peer peer)
    {
        for (int i = 0; i < _effects.Count; i++)
        {
            Effect effect = _effects[i];
            if (effect.Kind is EffectKind.Send or EffectKind.Broadcast)
            {
                if (effect.Subject is Bundle sent)
                    peer.Sent.Add(sent);
                _underWay.Add((Other(peer), effect.Subject is Bundle bundle ? Copy(bundle) : effect.Message));
            }
            else if (effect.Subject is InstalledGroupView view)
                peer.Group = view.Group.Number;
            else if (effect.Kind == EffectKind.Deliver)
                peer.Delivered.Add((effect.Bundle, effect.First + effect.Count - 1));
        }
        _effects.Clear();
    }

    /// <summary>What the receiver reads, in a block of its own.</summary>
    private static Bundle Copy(Bundle bundle)
    {
        CountedBlock? block = null;
        if (bundle.Block is CountedBlock sent)
        {
            Assert.True(sent.IsAlive, "a block is sent after its last release");
            block = new CountedBlock(sent.Buffer.Length);
            sent.Buffer.CopyTo(block.Buffer, 0);
        }
        return new Bundle(bundle.View, bundle.Sender, bundle.First, bundle.Count, bundle.Stamp.ToArray(), bundle.Segments.ToArray(), bundle.SegmentCount,
            block, bundle.BodyOffset, bundle.BodyLength);
    }

    /// <summary>A core and what came of it.</summary>
    public sealed class Peer(string name)
    {
        public NodeId Id { get; } = new(name, 1);

        public SubmitGate Gate { get; } = new(new CountedBlocks(), Window);

        public List<(Bundle Bundle, long Last)> Delivered { get; } = [];

        public List<Bundle> Sent { get; } = [];

        public NodeCore Core { get; set; } = null!;

        public int Group { get; set; }
    }

    private sealed class CountedBlocks : BlockSource
    {
        public override Block Rent(int size) => new CountedBlock(size);
    }

    private sealed class CountedBlock(int size) : Block
    {
        private int _references = 1;

        public bool IsAlive => _references > 0;

        public override byte[] Buffer { get; } = new byte[size];

        public override void Retain() => Assert.True(++_references > 1, "a block was retained after its last release");

        public override void Release() => Assert.True(--_references >= 0, "a block was released twice");
    }
}
