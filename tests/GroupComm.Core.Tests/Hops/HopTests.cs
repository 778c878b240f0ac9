using System.Linq;
using GroupComm.Core.Messages;
using GroupComm.Testing.Simulation;
using Xunit;

namespace GroupComm.Core.Tests.Hops;

/// <summary>Delays in message hops: one hop is one millisecond, nothing else is in flight (laws.md, table of delays).</summary>
public sealed class HopTests
{
    [Theory]
    [InlineData(DeliveryOrder.Fifo, 3, 1, 1)]
    [InlineData(DeliveryOrder.Fifo, 5, 1, 1)]
    [InlineData(DeliveryOrder.Causal, 3, 1, 1)]
    [InlineData(DeliveryOrder.Causal, 5, 1, 1)]
    [InlineData(DeliveryOrder.Agreed, 3, 2, 1)]
    [InlineData(DeliveryOrder.Agreed, 5, 2, 1)]
    [InlineData(DeliveryOrder.Safe, 3, 2, 1)]
    [InlineData(DeliveryOrder.Safe, 4, 3, 2)]
    [InlineData(DeliveryOrder.Safe, 5, 3, 2)]
    [InlineData(DeliveryOrder.Safe, 7, 3, 2)]
    public void Message_takes_so_many_hops_to_a_node_that_is_neither_sender_nor_sequencer(DeliveryOrder order, int n, int fromOthers, int fromSequencer)
    {
        Assert.Equal(fromOthers, HopsOfMessage(n, order, sender: "b"));
        Assert.Equal(fromSequencer, HopsOfMessage(n, order, sender: "a"));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(7)]
    public void View_change_takes_five_hops_after_detection(int n) => Assert.Equal(5, HopsOfViewChange(n, bodyMissing: false));

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(7)]
    public void View_change_takes_two_hops_more_when_the_coordinator_lacks_a_body(int n) => Assert.Equal(7, HopsOfViewChange(n, bodyMissing: true));

    [Theory]
    [InlineData(3, 4)]
    [InlineData(4, 6)]
    [InlineData(5, 6)]
    [InlineData(7, 6)]
    public void Marked_group_change_takes_two_safe_messages_one_after_the_other(int n, int hops)
    {
        string[] nodes = Names(n);
        Scenario s = Scenario.Of(nodes, inGroup: nodes[..^1]);
        s.Join(nodes[^1]);
        s.RunFor(20);
        Assert.Equal(hops, s.Log.TimeOf("b installs g view") - s.Log.TimeOf($"{nodes[^1]} sends join g"));
        Assert.Null(s.End());
    }

    private static double HopsOfMessage(int n, DeliveryOrder order, string sender)
    {
        Scenario s = Scenario.Of(Names(n));
        s.Send(sender, order, "x");
        s.RunFor(10);
        double hops = s.Log.TimeOf($"c delivers {sender}:x") - s.Log.TimeOf($"{sender} sends x");
        Assert.Null(s.End());
        return hops;
    }

    private static double HopsOfViewChange(int n, bool bodyMissing)
    {
        string[] nodes = Names(n);
        Scenario s = Scenario.Of(nodes);
        if (bodyMissing)
            s.Drop(MessageKind.Bundle, nodes[^1], "a");
        s.Send(nodes[^1], DeliveryOrder.Fifo, "x");
        s.RunFor(1);
        s.Crash(nodes[^1]);
        s.RunFor(30);
        double hops = s.Log.TimeOf("b installs view 2") - s.Log.TimeOf("a suspects");
        Assert.Equal(bodyMissing, s.Log.Says("a asks for bodies"));
        Assert.Null(s.End());
        return hops;
    }

    private static string[] Names(int n) => Enumerable.Range(0, n).Select(static i => $"{(char)('a' + i)}").ToArray();
}
