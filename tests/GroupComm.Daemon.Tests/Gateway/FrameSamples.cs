using System;
using System.Collections.Generic;
using System.Text;
using GroupComm.Gateway.Protocol;

namespace GroupComm.Daemon.Tests.Gateway;

/// <summary>One frame of every kind, and odd ones: the vectors in interop/vectors/gateway.</summary>
internal static class FrameSamples
{
    public const long MaxNumber = GatewayLimits.MaxNumber;

    public static readonly byte[] Session = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 255];

    private static readonly string[] s_members = ["n1#17/alice", "n2#9007199254740991/b-2", "n3#1/c"];

    public static IReadOnlyList<(string Name, string From, GatewayFrame Frame)> All { get; } =
    [
        ("hello", "client", new Hello(1, 1, "groupcomm-python 0.1", 1 << 20, 10_000, null, 0)),
        ("hello-resume", "client", new Hello(1, 3, "c", 65_536, 0, Session, 70_000)),
        ("welcome", "daemon", new Welcome(1, Session, false, 0, 4 << 20, 64 << 20, "n1#17", "shop", true)),
        ("welcome-resumed", "daemon", new Welcome(1, Session, true, MaxNumber, 16 << 20, int.MaxValue, "n1#9007199254740991", "default", false)),
        ("ack", "both", new Numbered(FrameKind.Ack, 300)),
        ("ping", "both", new Numbered(FrameKind.Ping, 0)),
        ("pong", "both", new Numbered(FrameKind.Pong, MaxNumber)),
        ("close", "both", new Close("draining", "this daemon is about to stop", "use another daemon, or come back later")),
        ("join", "client", new Join(1, "stock", "alice", new JoinOptions())),
        ("join-options", "client", new Join(2, "größe", null, new JoinOptions(true, true, false, true, true, 1_000))),
        ("leave", "client", new Numbered(FrameKind.Leave, 3)),
        ("send", "client", new Send(4, null, DeliveryOrder.Agreed, null, Text("hello"), SendFlags.TellAccepted | SendFlags.TellDelivered | SendFlags.TellSafe)),
        ("send-outside", "client", new Send(5, "stock", DeliveryOrder.Safe, "stock-changed", Text("x"), SendFlags.TellSafe)),
        ("send-in-handler", "client", new Send(6, null, DeliveryOrder.Fifo, "text/plain", new byte[300], SendFlags.InHandler)),
        ("send-empty", "client", new Send(MaxNumber, null, DeliveryOrder.Causal, null, Array.Empty<byte>(), 0)),
        ("send-to", "client", new SendTo(7, "n2#9/b", "note", Text("only you"))),
        ("query", "client", new Query(8, "price-of", Text("apples"), DeliveryOrder.Agreed, 0)),
        ("query-majority", "client", new Query(9, "price-of", Text("apples"), DeliveryOrder.Causal, -1)),
        ("query-first", "client", new Query(10, "price-of", Text("apples"), DeliveryOrder.Safe, 2)),
        ("barrier", "client", new Numbered(FrameKind.Barrier, 11)),
        ("reply", "client", new Reply(1, true, Text("12"))),
        ("reply-error", "client", new Reply(2, false, Text("no such fruit"))),
        ("part", "both", new Part(1, new byte[] { 0, 255, 128 })),
        ("end", "both", new End(1, null)),
        ("end-error", "both", new End(2, "disk full")),
        ("done", "daemon", new Numbered(FrameKind.Done, 7)),
        ("failed", "daemon", new Failed(4, "not-primary", "this node is not in a primary view; nothing was sent", "retry")),
        ("receipt-accepted", "daemon", new Receipt(4, ReceiptStage.Accepted, "n1#17:4:12")),
        ("receipt-delivered", "daemon", new Receipt(4, ReceiptStage.Delivered, "n1#17:4:12")),
        ("receipt-safe", "daemon", new Receipt(MaxNumber, ReceiptStage.Safe, $"n1#{MaxNumber}:{MaxNumber}:{MaxNumber}")),
        ("answer", "daemon", new Answer(8, "n2#9/b", AnswerStatus.Value, Text("12"))),
        ("answer-error", "daemon", new Answer(8, "n3#1/c", AnswerStatus.Error, Text("no query handler is registered for this type"))),
        ("answer-departed", "daemon", new Answer(8, "n4#1/d", AnswerStatus.Departed, Array.Empty<byte>())),
        ("view", "daemon", new ViewFrame("stock", "4.2", "n1#17/alice", s_members, ["n1#17/alice"], [], "join", "00000000000000010000000000000002")),
        ("message", "daemon", new MessageFrame("n1#17:4:12", "n1#17/alice", DeliveryOrder.Agreed, 1, null, Text("hello"))),
        ("message-outside", "daemon", new MessageFrame("n2#9:4:70000", null, DeliveryOrder.Safe, 4_294_967_296, "stock-changed", new byte[300])),
        ("message-unicast", "daemon", new MessageFrame("n2#9:0:1", "n2#9/b", DeliveryOrder.Fifo, 0, "note", Text("only you"))),
        ("ask", "daemon", new Ask(1, "n2#9:4:13", "n2#9/b", DeliveryOrder.Agreed, 2, "price-of", Text("apples"))),
        ("capture", "daemon", new Numbered(FrameKind.Capture, 1)),
        ("restore", "daemon", new Numbered(FrameKind.Restore, 2)),
        ("transitional", "daemon", new Notice(FrameKind.Transitional, "4.2")),
        ("primary-lost", "daemon", new Notice(FrameKind.PrimaryLost, "no quorum is heard")),
        ("primary-regained", "daemon", new Notice(FrameKind.PrimaryRegained, "")),
        ("group-lost", "daemon", new Notice(FrameKind.GroupLost, "")),
        ("excluded", "daemon", new Notice(FrameKind.Excluded, "silent 1.2 s")),
        ("reset", "daemon", new Notice(FrameKind.Reset, "the member is back in another life of this node")),
        ("left", "daemon", new Notice(FrameKind.Left, "the member has left")),
        ("reached", "daemon", new Numbered(FrameKind.Reached, 11)),
        ("cancel", "daemon", new Numbered(FrameKind.Cancel, 2)),
    ];

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
}
