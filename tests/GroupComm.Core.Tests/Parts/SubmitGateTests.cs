using System;
using System.Collections.Generic;
using System.Linq;
using GroupComm.Core.Messages;
using GroupComm.Core.Streams;
using GroupComm.Testing.Simulation;
using Xunit;

namespace GroupComm.Core.Tests.Parts;

/// <summary>The gate with blocks of 64 bytes and fragments of 24.</summary>
public sealed class SubmitGateTests
{
    private const int Group = 4;

    [Fact]
    public void Submits_get_consecutive_sequences_of_the_open_view()
    {
        SimGate gate = Open();
        Assert.Equal((Admission.Admitted, Make.View, 1), Submit(gate));
        Assert.Equal((Admission.Admitted, Make.View, 2), Submit(gate));
        Bundle bundle = Assert.Single(Take(gate));
        Assert.Equal((1, 2), (bundle.First, bundle.Last));
        Assert.Equal((Admission.Admitted, Make.View, 3), Submit(gate));
        gate.OpenView(new ViewKey(7, 2));
        gate.OpenGroup(Group, 1, stampFirst: false);
        Assert.Equal(1, Submit(gate).Sequence);
    }

    [Fact]
    public void A_member_that_is_none_of_the_group_any_more_sends_nothing()
    {
        SimGate gate = Open();
        gate.OpenGroup(Group, 2, stampFirst: false, own: [1, 3]);
        Assert.Equal(Admission.Admitted, Submit(gate).Admission);
        gate.OpenGroup(Group, 3, stampFirst: false, own: [3]);
        Assert.Equal(Admission.NoMember, Submit(gate).Admission);
        Assert.Equal(Admission.Admitted, gate.TrySubmit(Group, 0, null, DeliveryOrder.Agreed, new byte[1], false, out _, out _)); // from outside
    }

    [Fact]
    public void Messages_of_one_kind_share_a_segment_and_others_begin_a_new_one()
    {
        SimGate gate = Open();
        Submit(gate, 1, DeliveryOrder.Fifo);
        Submit(gate, 1, DeliveryOrder.Fifo);
        Submit(gate, 1, DeliveryOrder.Agreed);
        Bundle bundle = Assert.Single(Take(gate));
        Assert.Equal([(1, 2, DeliveryOrder.Fifo), (3, 1, DeliveryOrder.Agreed)], bundle.Segments.ToArray().Select(static s => (s.First, s.Count, s.Order)));
    }

    [Fact]
    public void A_lone_small_message_does_not_hold_a_whole_block_back()
    {
        SimGate gate = Open();
        Assert.Equal(Admission.Admitted, gate.TrySubmit(Group, 1, null, DeliveryOrder.Agreed, new byte[] { 1, 2, 3 }, false, out _, out _));
        Bundle lone = Assert.Single(Take(gate));
        Assert.True(lone.Block!.Buffer.Length <= 16, $"3 bytes hold {lone.Block.Buffer.Length}");
        Assert.Equal(new byte[] { 3, 1, 2, 3 }, lone.Block.Buffer.AsSpan(lone[0].Offset, lone[0].Length).ToArray());
    }

    [Fact]
    public void Message_with_a_trace_context_is_a_segment_of_its_own()
    {
        SimGate gate = Open();
        foreach (string? trace in new[] { null, null, "a", "b", null, null })
            Assert.Equal(Admission.Admitted, gate.TrySubmit(Group, 1, null, DeliveryOrder.Agreed, new byte[1], false, out _, out _, traceParent: trace));
        Bundle bundle = Assert.Single(Take(gate));
        Assert.Equal([(1, 2, null), (3, 1, "a"), (4, 1, "b"), (5, 2, null)], bundle.Segments.ToArray().Select(static s => (s.First, s.Count, s.TraceParent)));
    }

    [Fact]
    public void Trace_context_of_a_message_in_fragments_stands_at_the_last_one()
    {
        SimGate gate = Open();
        gate.TrySubmit(Group, 1, null, DeliveryOrder.Agreed, new byte[60], false, out _, out _, traceParent: "a");
        Segment[] segments = [.. Take(gate).SelectMany(static bundle => bundle.Segments.ToArray())];
        Assert.Equal([(2, null), (1, null), (0, "a")], segments.Select(static s => (s.FragmentsLeft, s.TraceParent)));
    }

    [Fact]
    public void Window_admits_while_there_is_room_and_again_after_credit()
    {
        SimGate gate = Open(window: 10);
        Submit(gate, 6); // 7 bytes with its length
        Assert.Equal(7, gate.Unconsumed);
        Assert.Equal(Admission.Wait, Submit(gate, 4).Admission);
        Assert.Equal(Admission.Admitted, Submit(gate, 3).Admission);
        gate.Credit(7);
        Assert.Equal(Admission.Admitted, Submit(gate, 6).Admission);
    }

    [Fact]
    public void A_lone_large_message_does_not_eat_the_reserve_of_handlers()
    {
        SimGate gate = Open(window: 10); // and a reserve of 4096
        Assert.Equal(Admission.Admitted, Submit(gate, 100_000).Admission);
        long alone = gate.Unconsumed;
        Assert.Equal(Admission.Wait, Submit(gate).Admission);
        Assert.Equal(Admission.Admitted, gate.TrySubmit(Group, 1, null, DeliveryOrder.Fifo, new byte[4000], true, out _, out _));
        Assert.Equal(Admission.ReserveFull, gate.TrySubmit(Group, 1, null, DeliveryOrder.Fifo, new byte[4000], true, out _, out _));
        gate.Credit(alone);
        Assert.Equal(Admission.Wait, Submit(gate).Admission); // the reserve is in use: sends from outside wait
        Assert.Equal(Admission.ReserveFull, gate.TrySubmit(Group, 1, null, DeliveryOrder.Fifo, new byte[4000], true, out _, out _));
    }

    [Fact]
    public void Message_larger_than_the_window_goes_out_whole_when_the_window_is_empty()
    {
        SimGate gate = Open(window: 10);
        Assert.Equal(Admission.Admitted, Submit(gate, 20).Admission);
        Assert.Equal(Admission.Wait, Submit(gate).Admission);
    }

    [Fact]
    public void Handler_may_use_the_reserve_and_others_wait_meanwhile()
    {
        SimGate gate = Open(window: 10);
        Submit(gate, 10);
        Assert.Equal(Admission.Admitted, Submit(gate, 20, fromHandler: true).Admission);
        Assert.Equal(Admission.Wait, Submit(gate).Admission);
    }

    [Fact]
    public void Reserve_is_bounded()
    {
        var gate = new SubmitGate(SimBlocks.Shared, window: 10);
        gate.OpenView(Make.View);
        gate.OpenGroup(Group, 1, stampFirst: false);
        Submit(gate, 9); // the window is full
        Assert.Equal(Admission.Admitted, Submit(gate, (int)CoreLimits.Reserve - 1000, fromHandler: true).Admission);
        Assert.Equal(Admission.ReserveFull, Submit(gate, 2000, fromHandler: true).Admission);
    }

    [Fact]
    public void Large_message_is_cut_and_all_its_sequences_are_assigned_at_once()
    {
        SimGate gate = Open();
        Submit(gate);
        Assert.Equal(4, Submit(gate, 60).Sequence);
        Assert.Equal(5, Submit(gate).Sequence);
        List<Bundle> bundles = Take(gate);
        Assert.Equal([(1, 1, 0), (2, 1, 2), (3, 1, 1), (4, 2, 0)], bundles.SelectMany(static b => b.Segments.ToArray()).Select(static s => (s.First, s.Count, s.FragmentsLeft)));
        Assert.All(bundles, static b => Assert.True(b.BodyLength <= 64));
    }

    [Fact]
    public void First_message_in_a_new_group_view_carries_its_stamp_even_if_fifo()
    {
        SimGate gate = Open();
        gate.OpenGroup(Group, 2, stampFirst: true);
        Submit(gate, 1, DeliveryOrder.Fifo);
        Assert.True(Assert.Single(Take(gate))[0].Stamped);
        Submit(gate, 1, DeliveryOrder.Fifo);
        Assert.False(Assert.Single(Take(gate))[0].Stamped);
    }

    [Fact]
    public void Stamp_of_a_large_first_message_is_on_its_first_fragment()
    {
        SimGate gate = Open();
        gate.OpenGroup(Group, 2, stampFirst: true);
        Submit(gate, 60, DeliveryOrder.Fifo);
        Assert.Equal([true, false, false], Take(gate).SelectMany(static b => b.Segments.ToArray()).Select(static s => s.Stamped));
    }

    [Fact]
    public void Held_group_waits_until_its_new_view_and_others_do_not()
    {
        SimGate gate = Open();
        gate.OpenGroup(9, 1, stampFirst: false);
        Submit(gate);
        var fills = new List<Fill>();
        Assert.Equal(2, gate.Take(fills, reserve: 1, hold: Group)); // the core's mark comes after what was sent
        Assert.Equal((1, 1), (fills.Count, fills[0].Count));
        Assert.Equal(Admission.Wait, Submit(gate).Admission);
        Assert.Equal((Admission.Admitted, Make.View, 3), Submit(gate, group: 9));
        gate.OpenGroup(Group, 2, stampFirst: true);
        Assert.Equal((Admission.Admitted, Make.View, 4), Submit(gate));
    }

    [Fact]
    public void Closed_view_hands_out_what_it_has_and_holds_what_comes()
    {
        SimGate gate = Open();
        Submit(gate);
        var fills = new List<Fill>();
        gate.CloseView(fills);
        Assert.Single(fills);
        Assert.Equal(Admission.Wait, Submit(gate).Admission);
        gate.SetPrimary(false, "no quorum");
        Assert.Equal((Admission.NotPrimary, "no quorum"), (Submit(gate).Admission, gate.Reason));
    }

    [Fact]
    public void Unconsumed_bytes_of_the_old_view_count_in_the_next()
    {
        SimGate gate = Open(window: 10);
        Submit(gate, 9);
        gate.CloseView([]);
        gate.OpenView(new ViewKey(7, 2));
        gate.OpenGroup(Group, 1, stampFirst: false);
        Assert.Equal((10, Admission.Wait), (gate.Unconsumed, Submit(gate, 5).Admission));
    }

    [Fact]
    public void Without_primary_group_or_node_nothing_is_admitted()
    {
        var gate = new SimGate(100);
        Assert.Equal(Admission.Wait, Submit(gate).Admission);
        gate.OpenView(Make.View);
        Assert.Equal(Admission.NoGroup, Submit(gate).Admission);
        gate.OpenGroup(Group, 1, stampFirst: false);
        gate.SetPrimary(false, "no quorum");
        Assert.Equal(Admission.NotPrimary, Submit(gate).Admission);
        gate.SetPrimary(true, "");
        Assert.Equal(Admission.Admitted, Submit(gate).Admission);
        gate.RemoveGroup(Group);
        Assert.Equal(Admission.NoGroup, Submit(gate).Admission);
        gate.End("the node left");
        Assert.Equal((Admission.Closed, "the node left"), (Submit(gate).Admission, gate.Reason));
    }

    [Fact]
    public void A_bundle_has_as_many_segments_as_its_messages_need()
    {
        SubmitGate gate = new(SimBlocks.Shared, 1000); // with blocks of the real size
        gate.OpenView(Make.View);
        gate.OpenGroup(Group, 1, stampFirst: false);
        for (int i = 0; i < 50; i++)
            gate.TrySubmit(Group, 1, null, i % 2 == 0 ? DeliveryOrder.Fifo : DeliveryOrder.Agreed, [(byte)i], fromHandler: false, out _, out _);
        Bundle bundle = Assert.Single(Take(gate));
        Assert.Equal(Enumerable.Range(1, 50).Select(static i => ((long)i, 1, i % 2 == 1 ? DeliveryOrder.Fifo : DeliveryOrder.Agreed)),
            bundle.Segments.ToArray().Select(static s => (s.First, s.Count, s.Order)));
    }

    private static SimGate Open(int window = 1000)
    {
        var gate = new SimGate(window);
        gate.OpenView(Make.View);
        gate.OpenGroup(Group, 1, stampFirst: false);
        return gate;
    }

    private static (Admission Admission, ViewKey View, long Sequence) Submit(
        SubmitGate gate, int size = 1, DeliveryOrder order = DeliveryOrder.Agreed, bool fromHandler = false, int group = Group) =>
        (gate.TrySubmit(group, 1, null, order, new byte[size], fromHandler, out ViewKey view, out long sequence), view, sequence);

    private static List<Bundle> Take(SubmitGate gate)
    {
        var fills = new List<Fill>();
        gate.Take(fills);
        return fills.ConvertAll(static fill => fill.Seal(Make.View, 0, [0]));
    }
}
