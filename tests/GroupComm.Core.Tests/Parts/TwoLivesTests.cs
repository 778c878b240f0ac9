using System.Collections.Generic;
using System.Linq;
using GroupComm.Core.Messages;
using GroupComm.Core.Streams;
using GroupComm.Testing.Simulation;
using Xunit;

namespace GroupComm.Core.Tests.Parts;

/// <summary>A later life of a name asks while the earlier one may still be there: what a member of the view of a and b says and does.</summary>
public sealed class TwoLivesTests
{
    private static readonly NodeId A = new("a", 1), B = new("b", 1);

    private readonly NodeCore _a = Make(A), _b = Make(B);
    private readonly List<(NodeId To, JoinRefused Refused)> _refusals = [];
    private readonly List<EffectKind> _ofB = [];
    private string[] _dialled = []; // by b
    private readonly Queue<(NodeId From, Message Message)> _toA = new(), _toB = new();
    private readonly EffectList _effects = new();
    private bool _linked = true;
    private long _now;

    public TwoLivesTests()
    {
        _a.LinkUp(B, _now, _effects);
        CarryOut(A);
        _b.LinkUp(A, _now, _effects);
        CarryOut(B);
        RunFor(1000);
        Assert.True(_a.IsPrimary && _b.IsPrimary, "no view of the two");
    }

    [Fact]
    public void A_member_refuses_a_newcomer_of_its_own_name()
    {
        Ask(new NodeInfo(new NodeId("b", 2), "elsewhere"));
        Assert.NotEmpty(_refusals);
        Assert.All(_refusals, refusal => Assert.Equal((new NodeId("b", 2), JoinRefusal.NameInUse), (refusal.To, refusal.Refused.Reason)));
        Assert.True(_a.IsPrimary && _b.IsPrimary);
    }

    [Fact]
    public void A_member_that_hears_no_quorum_refuses_nobody()
    {
        _linked = false;
        RunFor(3000);
        Assert.False(_b.IsPrimary);
        Ask(new NodeInfo(new NodeId("b", 2), "elsewhere"));
        Assert.Empty(_refusals);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_later_life_on_another_machine_is_no_proof_that_the_view_is_lost(bool linked)
    {
        _linked = linked;
        Ask(new NodeInfo(new NodeId("a", 2), "elsewhere"));
        Assert.DoesNotContain(EffectKind.GroupLost, _ofB);
        _linked = true;
        RunFor(3000);
        Assert.True(_a.IsPrimary, "a, which has the rank that decides, goes on");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // what it says of its address is wrong
    public void A_later_life_at_the_same_address_is_proof_unless_the_earlier_one_is_heard(bool heard)
    {
        _linked = heard;
        Ask(new NodeInfo(new NodeId("a", 2), "a"));
        Assert.Equal(!heard, _ofB.Contains(EffectKind.GroupLost));
        Assert.Equal(heard, _b.IsPrimary);
    }

    [Fact]
    public void A_member_is_dialled_although_another_asks_under_its_name()
    {
        Ask(new NodeInfo(new NodeId("a", 2), "elsewhere"));
        Assert.Equal(["a", "elsewhere"], _dialled.Order());
    }

    [Fact]
    public void A_later_life_is_proof_where_the_dial_of_the_earlier_one_is_refused()
    {
        _linked = false;
        _b.LinkDown(A, gone: true, "connection refused", _now, _effects);
        CarryOut(B);
        Assert.DoesNotContain(EffectKind.GroupLost, _ofB);
        Ask(new NodeInfo(new NodeId("a", 2), "elsewhere"));
        Assert.Contains(EffectKind.GroupLost, _ofB);
    }

    [Theory]
    [InlineData(1, 2, false)]
    [InlineData(2, 1, true)]
    public void Of_two_lives_that_seek_a_first_view_only_the_later_one_founds(long own, long other, bool founds)
    {
        NodeId self = new("a", own), twin = new("a", other);
        NodeCore seeks = Make(self);
        foreach (NodeInfo each in new NodeInfo[] { new(twin, "elsewhere"), new(B, "b") })
        {
            seeks.LinkUp(each.Id, _now, _effects);
            seeks.Receive(each.Id, new Seek(each, 2, 0, [new NodeInfo(self, "a"), new NodeInfo(twin, "elsewhere"), new NodeInfo(B, "b")], 0), _now, _effects);
        }
        seeks.Tick(_now += 50, _effects);
        IEnumerable<Wedge> wedges = Enumerable.Range(0, _effects.Count).Select(i => _effects[i].Subject).OfType<Wedge>();
        Assert.Equal(founds, wedges.Any(wedge => wedge.Founders!.Select(founder => founder.Id).SequenceEqual([self, B])));
        Assert.Equal(founds, wedges.Any());
    }

    /// <summary>A node without a view asks b for some time.</summary>
    private void Ask(NodeInfo fresh)
    {
        _b.LinkUp(fresh.Id, _now, _effects);
        CarryOut(B);
        for (int i = 0; i < 20; i++)
        {
            _b.Receive(fresh.Id, new Seek(fresh, 2, 0, [], 0), _now, _effects);
            CarryOut(B);
            RunFor(50);
        }
    }

    private void RunFor(long time)
    {
        for (long until = _now + time; _now < until; _now += 10)
        {
            _a.Tick(_now, _effects);
            CarryOut(A);
            _b.Tick(_now, _effects);
            CarryOut(B);
            while (_toA.Count + _toB.Count > 0)
            {
                Receive(_a, A, _toA);
                Receive(_b, B, _toB);
            }
        }
    }

    private void Receive(NodeCore core, NodeId self, Queue<(NodeId From, Message Message)> frames)
    {
        while (frames.TryDequeue(out (NodeId From, Message Message) frame))
            core.Receive(frame.From, frame.Message, _now, _effects);
        core.EndTurn(_now, _effects);
        CarryOut(self);
    }

    private void CarryOut(NodeId self)
    {
        for (int i = 0; i < _effects.Count; i++)
        {
            Effect effect = _effects[i];
            if (self == B)
            {
                _ofB.Add(effect.Kind);
                if (effect.Kind == EffectKind.Peers)
                    _dialled = [.. ((IReadOnlyList<NodeInfo>)effect.Subject!).Select(peer => peer.Address).Where(address => address != "b")];
            }
            if (effect.Kind == EffectKind.Send && effect.Subject is JoinRefused refused)
                _refusals.Add((effect.Node, refused));
            else if (_linked && (effect.Kind == EffectKind.Broadcast || (effect.Kind == EffectKind.Send && effect.Node.Incarnation == 1)))
                (self == A ? _toB : _toA).Enqueue((self, effect.Message));
        }
        _effects.Clear();
    }

    private static NodeCore Make(NodeId self) => new(
        new CoreOptions { Self = new NodeInfo(self, self.Name), WallClockMs = 1_000_000, ExpectedNodes = 2, SendWindow = 1000 }, new SubmitGate(SimBlocks.Shared, 1000), 0);
}
