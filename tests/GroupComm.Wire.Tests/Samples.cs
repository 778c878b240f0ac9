using System;
using System.Collections.Generic;
using System.Text;
using GroupComm.Core;
using GroupComm.Core.Messages;

namespace GroupComm.Wire.Tests;

/// <summary>One message of every kind, and odd ones: the byte vectors in <c>interop/vectors/peer</c>.</summary>
internal static class Samples
{
    public const uint Generation = 7;

    public static readonly ViewKey View = new(1_763_000_000_123, 4);

    public static readonly Handshake Hello = new(1, 1, "shop", Node("n1", 17), "10.0.0.1:7400", 3, Generation, 0);

    private static readonly NodeInfo[] Three =
        [Info("n1", 17, "10.0.0.1:7400"), Info("n2", 9, "[fd00::2]:7400"), Info("host-3.example", NodeId.MaxIncarnation, "host-3.example:7400")];

    public static IReadOnlyList<(string Name, Message Message)> All { get; } =
    [
        ("bundle", Mixed().Build()),
        ("bundle-one", One()),
        ("bundle-control", Control()),
        ("bundle-fragment", Fragment()),
        ("bundle-query", Query()),
        ("bundle-traced", Traced()),
        ("orders", new Orders(View, 1001, [new(0, 40, 3), new(2, 70_000, 65_000), new(63, 1L << 40, 1)])),
        ("ack", new Ack(View, 1003, [40, 12, 70_000], [39, 0, 4_294_967_296], true)),
        ("heartbeat", new Heartbeat(View, 512, 1003, ulong.MaxValue, false)),
        ("heartbeat-leaving", new Heartbeat(View, 0, 0, 0b101, true)),
        ("resume", new Resume(View, 41, 0)),
        ("wedge", new Wedge(View, new Ballot(3, 1), null)),
        ("wedge-first-view", new Wedge(new ViewKey(-77_000_000_000_001, 0), new Ballot(1, 0), Three)),
        ("wedged", new Wedged(View, new Ballot(3, 1), new Ballot(2, 0), Value(), [40, 12, 70_000], 990, [new(1, 12, 2)], 0b111, true)),
        ("wedged-nothing-accepted", new Wedged(View, new Ballot(1, 0), default, null, [0, 0], 0, [], 3, false)),
        ("refused", new Refused(View, new Ballot(3, 1), new Ballot(9, 2))),
        ("pull", new Pull(View, [40, 12, 0], [41, 12, 9])),
        ("bodies", new Bodies(View, [One(), Mixed().Build(), Control()])),
        ("propose", new Propose(View, new Ballot(3, 1), Value(), [One()])),
        ("accepted", new Accepted(View, new Ballot(3, 1))),
        ("decide", new Decide(View, 3, Value(), Table(), [One(), Fragment()])),
        ("decide-cluster-ended", new Decide(View, 1, new ViewValue(new(View.Epoch, 5), [], [3], 2, [], [], [Three[0].Id], ["n1"], 1), null, [])),
        ("help", new Help(View, [40, 12, 70_000])),
        ("help-without-view", new Help(default, [])),
        ("notice", new Notice(View)),
        ("gone", new Gone(View, "silent 1.2 s")),
        ("leave", new Leave(View)),
        ("seek", new Seek(Three[1], 3, 1_763_000_000_000, [Three[0], Three[2]], -5)),
        ("known", new Known(View, Three)),
        ("known-levels", new Known(View, [Three[0], Three[1] with { Level = 2 }])),
        ("join-refused", new JoinRefused(View, JoinRefusal.StaleIncarnation, 18)),
        ("probe", new Probe(View, long.MinValue)),
        ("probe-reply", new ProbeReply(View, long.MaxValue)),
        ("direct", new Direct(View, 40, [
            new DirectItem(DirectKind.Message, 1, 3, 2, 1, "stock-changed", 0, 0, Text("hello")),
            new DirectItem(DirectKind.Reply, 1, 3, 2, 1, null, 4, 70_000, new byte[300]),
            new DirectItem(DirectKind.ReplyError, 300, 70_000, 1, 9, null, 4, 9, Text("no handler"))])),
        ("direct-ack", new DirectAck(View, 70_000, 512)),
        ("bundle-state", State()),
        ("state-open", new StateOpen(1, 2, 41)),
        ("state-chunk", new StateChunk(Text("state"))),
        ("state-end", new StateEnd(5, 0xFEDC_BA98_7654_3210)),
        ("state-abort", new StateAbort("the capture failed: disk full")),
        ("state-taken", new StateTaken(262_144)),
    ];

    public static NodeId Node(string name, long incarnation) => new(name, incarnation);

    private static NodeInfo Info(string name, long incarnation, string address) => new(new NodeId(name, incarnation), address);

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static BundleMaker Mixed() => new BundleMaker(View, 2, 41, [40, 12, 0])
        .Add(new Segment { Order = DeliveryOrder.Agreed, Group = 1, GroupView = 2, Slot = 1, TypeId = "stock-changed" }, Text("alpha"), Text("beta"), [])
        .Add(new Segment { Order = DeliveryOrder.Fifo, Stamped = true, Group = 300, GroupView = 70_000, TypeId = "Größe" }, new byte[200])
        .Add(new Segment { Kind = SegmentKind.GroupMark, Order = DeliveryOrder.Agreed, Group = 1, Control = new GroupMark(1, 3) })
        .Add(new Segment { Order = DeliveryOrder.Safe, Group = 1, GroupView = 3, Slot = 4 }, Text("gamma"));

    private static Bundle One() => new BundleMaker(View, 0, 1, [0, 0, 0])
        .Add(new Segment { Order = DeliveryOrder.Causal, Group = 1, GroupView = 2, Slot = 1 }, Text("hello")).Build();

    private static Bundle Control() => new BundleMaker(View, 1, 13, [40, 12, 0])
        .Add(new Segment
        {
            Kind = SegmentKind.GroupChange, Order = DeliveryOrder.Agreed,
            Control = new GroupChange(true, "stock", 2, "a", new GroupTraits(true, false), "join"),
        })
        .Add(new Segment
        {
            Kind = SegmentKind.GroupChange, Order = DeliveryOrder.Agreed, Control = new GroupChange(false, "stock", 2, "a", null, "left"),
        }).Build();

    private static Bundle State() => new BundleMaker(View, 1, 15, [40, 12, 0])
        .Add(new Segment
        {
            Kind = SegmentKind.GroupChange, Order = DeliveryOrder.Safe,
            Control = new GroupChange(true, "stock", 3, "c", new GroupTraits(true, false, true), "join", Provider: true),
        })
        .Add(new Segment { Kind = SegmentKind.StateRetry, Order = DeliveryOrder.Safe, Control = new StateRetry(1, 3, 41) })
        .Add(new Segment { Kind = SegmentKind.StateDone, Order = DeliveryOrder.Safe, Control = new StateDone(1, 3) }).Build();

    private static Bundle Fragment() => new BundleMaker(View, 1, 20, [41, 14, 0])
        .Add(new Segment { Order = DeliveryOrder.Agreed, Group = 1, GroupView = 3, Slot = 2, TypeId = "big", FragmentsLeft = 2 }, new byte[300]).Build();

    private static Bundle Query() => new BundleMaker(View, 1, 23, [41, 14, 0])
        .Add(new Segment { Order = DeliveryOrder.Agreed, Query = true, Group = 1, GroupView = 3, Slot = 2, TypeId = "who-leads" }, Text("?"))
        .Add(new Segment { Kind = SegmentKind.Barrier, Order = DeliveryOrder.Fifo }).Build();

    private static Bundle Traced() => new BundleMaker(View, 0, 2, [1, 0, 0])
        .Add(new Segment
        {
            Order = DeliveryOrder.Agreed, Group = 1, GroupView = 2, Slot = 1, TypeId = "stock-changed",
            TraceParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        }, Text("alpha"))
        .Add(new Segment { Order = DeliveryOrder.Agreed, Group = 1, GroupView = 2, Slot = 1, TypeId = "stock-changed" }, Text("beta")).Build();

    private static ViewValue Value() => new(
        new ViewKey(View.Epoch, 5), Three, [41, 12, 70_000], 990, [new(1, 12, 2), new(0, 41, 1)],
        [new(Node("n4", 2), "connection refused"), new(Node("n5", 6), "left")], [Node("n5", 6)], ["n1", "n2", "n4"], 1);

    private static GroupTableState Table() => new(
        12, 41,
        [
            new GroupState(1, "stock", new GroupTraits(true, false), 3, 4, [new(Three[0].Id, 1, "a"), new(Three[1].Id, 2, "b")]),
            new GroupState(2, "state", new GroupTraits(true, false, true), 7, 4, [new(Three[0].Id, 3, "a", true), new(Three[1].Id, 4, "b", true, new(7, Three[0].Id, 3))]),
            new GroupState(11, "leer ∅", new GroupTraits(false, true), 41, 2, []),
        ]);
}
