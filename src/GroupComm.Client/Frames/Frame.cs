using System.Collections.Generic;

namespace GroupComm.Client.Frames;

/// <summary>A frame of the daemon.</summary>
internal abstract record Frame(FrameKind Kind);

internal sealed record Welcome(
    long Version, byte[] Session, bool Resumed, long Received, long Window, long MaxPayload, string Node, string Cluster, bool Primary) : Frame(FrameKind.Welcome);

/// <summary>One number says it all: an acknowledgement, a ref, a transfer.</summary>
internal sealed record Numbered(FrameKind Kind, long Number) : Frame(Kind);

internal sealed record Close(string Code, string Detail, string Fix) : Frame(FrameKind.Close);

internal sealed record Part(long Transfer, byte[] Bytes) : Frame(FrameKind.Part);

internal sealed record End(long Transfer, string? Error) : Frame(FrameKind.End);

internal sealed record Failed(long Ref, string Code, string Detail, string Fix) : Frame(FrameKind.Failed);

internal sealed record Receipt(long Ref, int Stage, MessageId Id) : Frame(FrameKind.Receipt);

internal sealed record Answer(long Ref, MemberId Member, int Status, byte[] Payload) : Frame(FrameKind.Answer);

internal sealed record ViewFrame(
    string Group, GroupViewId Id, MemberId Self, IReadOnlyList<MemberId> Members, IReadOnlyList<MemberId> Joined, IReadOnlyList<MemberId> Left,
    string Reason, FencingToken Token) : Frame(FrameKind.View);

/// <summary>A message, or with a number a query.</summary>
internal sealed record Delivery(
    FrameKind Kind, long Query, MessageId Id, MemberId? From, DeliveryOrder Order, long Position, string? Type, byte[] Payload) : Frame(Kind);

/// <summary>Something that is neither message nor view, with a text or without.</summary>
internal sealed record Notice(FrameKind Kind, string Text) : Frame(Kind);
