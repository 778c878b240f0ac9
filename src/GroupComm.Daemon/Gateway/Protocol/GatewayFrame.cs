using System;
using System.Collections.Generic;

namespace GroupComm.Gateway.Protocol;

/// <summary>A frame of the gateway protocol. Closed: everything below is all there is.</summary>
internal abstract record GatewayFrame(FrameKind Kind)
{
    /// <summary>Numbered by both sides, kept until acknowledged.</summary>
    public bool IsCounted => Kind >= FrameKind.Join;

    /// <summary>An event of a member, in order with the others.</summary>
    public bool IsEvent => Kind is >= FrameKind.View or FrameKind.Part or FrameKind.End;
}

internal sealed record Hello(int MinVersion, int MaxVersion, string Client, int Window, int Grace, byte[]? Session, long Received)
    : GatewayFrame(FrameKind.Hello)
{
    /// <summary>What the daemon asks for over TCP; null: none is shown.</summary>
    public string? Token { get; init; }
}

internal sealed record Welcome(
    int Version, byte[] Session, bool Resumed, long Received, int Window, int MaxPayload, string Node, string Cluster, bool Primary)
    : GatewayFrame(FrameKind.Welcome);

internal sealed record Close(string Code, string Detail, string Fix) : GatewayFrame(FrameKind.Close);

/// <summary>A kind and a number: acknowledgement, ping and pong, requests and events that need no more.</summary>
internal sealed record Numbered(FrameKind Kind, long Number) : GatewayFrame(Kind);

internal sealed record JoinOptions(
    bool State = false, bool States = false, bool Open = true, bool AgreedOnly = false, bool StartEmptyWhenStateIsLost = false, int SlowConsumerTimeout = 30_000);

internal sealed record Join(long Ref, string Group, string? Member, JoinOptions Options) : GatewayFrame(FrameKind.Join);

[Flags]
internal enum SendFlags
{
    TellAccepted = 1,
    TellDelivered = 2,
    TellSafe = 4,
    InHandler = 8,
}

internal sealed record Send(long Ref, string? Group, DeliveryOrder Order, string? Type, ReadOnlyMemory<byte> Payload, SendFlags Flags) : GatewayFrame(FrameKind.Send);

internal sealed record SendTo(long Ref, string To, string? Type, ReadOnlyMemory<byte> Payload) : GatewayFrame(FrameKind.SendTo);

internal sealed record Query(long Ref, string Type, ReadOnlyMemory<byte> Payload, DeliveryOrder Order, int Target) : GatewayFrame(FrameKind.Query);

internal sealed record Reply(long Query, bool Ok, ReadOnlyMemory<byte> Payload) : GatewayFrame(FrameKind.Reply);

internal sealed record Part(long Transfer, ReadOnlyMemory<byte> Bytes) : GatewayFrame(FrameKind.Part);

internal sealed record End(long Transfer, string? Error) : GatewayFrame(FrameKind.End);

internal sealed record Failed(long Ref, string Code, string Detail, string Fix) : GatewayFrame(FrameKind.Failed);

internal enum ReceiptStage
{
    Accepted = 1,
    Delivered = 2,
    Safe = 4,
}

internal sealed record Receipt(long Ref, ReceiptStage Stage, string Id) : GatewayFrame(FrameKind.Receipt);

internal enum AnswerStatus
{
    Value = 0,
    Error = 1,
    Departed = 2,
}

internal sealed record Answer(long Ref, string Member, AnswerStatus Status, ReadOnlyMemory<byte> Payload) : GatewayFrame(FrameKind.Answer);

internal sealed record ViewFrame(
    string Group, string View, string Self, IReadOnlyList<string> Members, IReadOnlyList<string> Joined, IReadOnlyList<string> Left, string Reason, string Token)
    : GatewayFrame(FrameKind.View);

internal sealed record MessageFrame(string Id, string? From, DeliveryOrder Order, long Position, string? Type, ReadOnlyMemory<byte> Payload)
    : GatewayFrame(FrameKind.Message);

internal sealed record Ask(long Query, string Id, string? From, DeliveryOrder Order, long Position, string Type, ReadOnlyMemory<byte> Payload)
    : GatewayFrame(FrameKind.Ask);

/// <summary>An event that has nothing but a text, or not even that.</summary>
internal sealed record Notice(FrameKind Kind, string Text) : GatewayFrame(Kind);
