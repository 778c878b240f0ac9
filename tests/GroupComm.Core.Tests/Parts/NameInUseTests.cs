using System.Collections.Generic;
using System.Linq;
using GroupComm.Core.Messages;
using GroupComm.Core.Streams;
using GroupComm.Testing.Simulation;
using Xunit;

namespace GroupComm.Core.Tests.Parts;

/// <summary>Two machines with one name: who says that it is in use.</summary>
public sealed class NameInUseTests
{
    private static readonly NodeId A = new("a", 1), B = new("b", 1), NewB = new("b", 2);

    [Fact]
    public void A_member_refuses_a_newcomer_of_its_own_name() =>
        Assert.Equal(JoinRefusal.NameInUse, Assert.Single(RefusalsOfB(hearsA: true)).Reason);

    [Fact]
    public void A_member_that_hears_no_quorum_refuses_nobody() => Assert.Empty(RefusalsOfB(hearsA: false));

    /// <summary>What b, of a view with a, says when a newcomer named b asks it for some time.</summary>
    private static List<JoinRefused> RefusalsOfB(bool hearsA)
    {
        NodeCore a = Make(A), b = Make(B);
        List<JoinRefused> refusals = [];
        EffectList effects = new();
        Queue<(NodeId From, Message Message)> toA = new(), toB = new();
        long now = 0;
        bool linked = true;
        a.LinkUp(B, now, effects);
        CarryOut(A);
        b.LinkUp(A, now, effects);
        CarryOut(B);
        RunFor(1000);
        Assert.True(a.IsPrimary && b.IsPrimary, "no view of the two");

        linked = hearsA;
        RunFor(3000);
        Assert.Equal(hearsA, b.IsPrimary);
        b.LinkUp(NewB, now, effects);
        CarryOut(B);
        for (int i = 0; i < 20; i++)
        {
            b.Receive(NewB, new Seek(new NodeInfo(NewB, "elsewhere"), 2, 0, [], 0), now, effects);
            CarryOut(B);
            RunFor(50);
        }
        return [.. refusals.Take(1)];

        void RunFor(long time)
        {
            for (long until = now + time; now < until; now += 10)
            {
                a.Tick(now, effects);
                CarryOut(A);
                b.Tick(now, effects);
                CarryOut(B);
                while (toA.Count + toB.Count > 0)
                {
                    Receive(a, A, toA);
                    Receive(b, B, toB);
                }
            }
        }

        void Receive(NodeCore core, NodeId self, Queue<(NodeId From, Message Message)> frames)
        {
            while (frames.TryDequeue(out (NodeId From, Message Message) frame))
                core.Receive(frame.From, frame.Message, now, effects);
            core.EndTurn(now, effects);
            CarryOut(self);
        }

        void CarryOut(NodeId self)
        {
            foreach (int i in Enumerable.Range(0, effects.Count))
            {
                Effect effect = effects[i];
                if (effect.Kind == EffectKind.Send && effect.Node == NewB && effect.Subject is JoinRefused refused)
                    refusals.Add(refused);
                else if (linked && (effect.Kind == EffectKind.Broadcast || (effect.Kind == EffectKind.Send && effect.Node != NewB)))
                    (self == A ? toB : toA).Enqueue((self, effect.Message));
            }
            effects.Clear();
        }
    }

    private static NodeCore Make(NodeId self) => new(
        new CoreOptions { Self = new NodeInfo(self, self.Name), WallClockMs = 1_000_000, ExpectedNodes = 2, SendWindow = 1000 }, new SubmitGate(SimBlocks.Shared, 1000), 0);
}
