using System;
using System.Threading.Tasks;
using GroupComm.Core;
using GroupComm.Core.Messages;
using GroupComm.Core.Streams;
using GroupComm.Runtime.Blocks;
using GroupComm.Runtime.Submit;
using GroupComm.Runtime.Telemetry;
using GroupComm.Transport;
using Xunit;

namespace GroupComm.Runtime.Tests;

/// <summary>What becomes of a send when the life of the node ends in which it was made.</summary>
public class SendQueueTests
{
    private static readonly NodeId First = new("a", 1), Second = new("a", 2);

    private readonly SendQueue _sends = new(static _ => { }, new Receipts(static () => false, static () => { }), static () => false, new NodeTelemetry("c", "a", null, new NoFigures()));

    [Fact]
    public async Task A_send_that_waits_in_an_ended_life_is_refused_and_may_be_sent_again()
    {
        SubmitGate gate = Open(1, First);
        gate.CloseView([]); // wedged: sends wait for the next view
        Task<SendReceipt> waiting = Send(life: 1);
        Assert.False(waiting.IsCompleted);
        gate.End("excluded");
        Assert.False(waiting.IsCompleted);
        _sends.Attach(2, Second, Gate(), "excluded: silent 1.0 s");
        await Assert.ThrowsAsync<ViewClosedException>(() => waiting.WaitAsync(TestCluster.Limit, TestCluster.Ct));
    }

    [Fact]
    public async Task A_send_that_meets_the_end_of_a_life_waits_for_what_follows()
    {
        Open(1, First).End("excluded");
        Task<SendReceipt> late = Send(life: 1);
        Assert.False(late.IsCompleted);
        _sends.End(static () => new ExcludedException("new incarnation"));
        await Assert.ThrowsAsync<ExcludedException>(() => late.WaitAsync(TestCluster.Limit, TestCluster.Ct));
    }

    [Fact]
    public async Task Between_two_lives_every_send_is_refused_with_the_reason_until_the_new_one_has_a_view()
    {
        SubmitGate gate = Gate();
        _sends.Attach(2, Second, gate, "excluded: silent 1.0 s");
        NotPrimaryException refused = await Assert.ThrowsAsync<NotPrimaryException>(() => Send(life: 2));
        Assert.Equal("excluded: silent 1.0 s", refused.Reason);
        Fill(gate);
        _sends.Arrive();
        Assert.Equal(Second, (await Send(life: 2)).Id.Sender);
        // A number of the old table must not meet the new one.
        await Assert.ThrowsAsync<ViewClosedException>(() => Send(life: 1));
    }

    private SubmitGate Open(int life, NodeId self)
    {
        SubmitGate gate = Gate();
        Fill(gate);
        _sends.Attach(life, self, gate, null);
        return gate;
    }

    private LockedSubmitGate Gate() => new(new BlockPool(), 1 << 20, _sends);

    private static void Fill(SubmitGate gate)
    {
        gate.OpenGroup(1, 1, stampFirst: false);
        gate.OpenView(new ViewKey(1, 1));
    }

    private Task<SendReceipt> Send(int life) =>
        _sends.Send(new SendRequest(1, 1, null, DeliveryOrder.Fifo, new byte[1], null, FromHandler: false, life), TestCluster.Ct).AsTask();

    private sealed class NoFigures : INodeFigures
    {
        public bool IsPrimary => true;

        public long HandlerFailures => 0;

        public long Unhandled => 0;

        public long Malformed => 0;

        public int LinkCount => 0;

        public int SendsWaiting => 0;

        public long Untraced => 0;

        public long WindowLimit => 0;

        public TransportCounters Transport { get; } = new();
    }
}
