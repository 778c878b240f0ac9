using System;
using Microsoft.Extensions.Logging;

namespace GroupComm.Runtime;

/// <summary>Every log line of the runtime. Information is what a person would note.</summary>
internal static partial class RuntimeLog
{
    [LoggerMessage(1, LogLevel.Information, "{Node} of cluster {Cluster} listens at {Address}, expects {Expected} node(s)")]
    public static partial void Started(ILogger log, NodeId node, string cluster, string address, int expected);

    [LoggerMessage(2, LogLevel.Information, "View {View}: {Members}; left: {Departed}")]
    public static partial void ViewInstalled(ILogger log, long view, string members, string departed);

    [LoggerMessage(3, LogLevel.Information, "Group {Group} view {View} ({Reason}): {Members}")]
    public static partial void GroupViewInstalled(ILogger log, string group, GroupViewId view, string reason, string members);

    [LoggerMessage(4, LogLevel.Warning, "Not primary: {Reason}")]
    public static partial void PrimaryLost(ILogger log, string reason);

    [LoggerMessage(5, LogLevel.Information, "Primary again")]
    public static partial void PrimaryRegained(ILogger log);

    [LoggerMessage(6, LogLevel.Information, "Suspects {Node}: {Reason}")]
    public static partial void Suspected(ILogger log, NodeId node, string reason);

    [LoggerMessage(7, LogLevel.Error, "{Node} was excluded: {Reason}")]
    public static partial void Excluded(ILogger log, NodeId node, string reason);

    [LoggerMessage(8, LogLevel.Information, "{Node} left")]
    public static partial void Left(ILogger log, NodeId node);

    [LoggerMessage(9, LogLevel.Error, "The cluster was lost: no quorum of its last view can ever answer; what only it knew is gone")]
    public static partial void GroupLost(ILogger log);

    [LoggerMessage(10, LogLevel.Information, "Waiting: {Text}")]
    public static partial void Waiting(ILogger log, string text);

    [LoggerMessage(11, LogLevel.Error, "{Node} can not join ({Step}): {Text}")]
    public static partial void JoinFailed(ILogger log, NodeId node, JoinStep step, string text);

    [LoggerMessage(12, LogLevel.Information, "Begins a new life as {Node}")]
    public static partial void NewIncarnation(ILogger log, NodeId node);

    [LoggerMessage(13, LogLevel.Debug, "Link with {Peer} at {Address}")]
    public static partial void LinkUp(ILogger log, NodeId peer, string address);

    [LoggerMessage(14, LogLevel.Debug, "Link with {Peer} lost: {Reason}")]
    public static partial void LinkLost(ILogger log, NodeId peer, string reason);

    [LoggerMessage(15, LogLevel.Warning, "Handshake with {Remote} refused: {Text}")]
    public static partial void HandshakeRefused(ILogger log, string remote, string text);

    [LoggerMessage(16, LogLevel.Warning, "Malformed frame from {Remote}, link closed: {Detail}")]
    public static partial void MalformedFrame(ILogger log, string remote, string detail);

    [LoggerMessage(17, LogLevel.Error, "A handler of {Member} in {Group} failed; policy {Policy}")]
    public static partial void HandlerFailed(ILogger log, Exception error, string member, string group, HandlerFailurePolicy policy);

    [LoggerMessage(18, LogLevel.Warning, "{Member} in {Group} cannot handle type {Type}: {Why}")]
    public static partial void Unhandled(ILogger log, string member, string group, string type, string why);

    [LoggerMessage(19, LogLevel.Warning, "A handler of {Peer}'s reading thread takes longer than {Limit} ms; the link is read anew elsewhere")]
    public static partial void ReaderTaken(ILogger log, NodeId peer, long limit);

    [LoggerMessage(20, LogLevel.Critical, "A rule that must always hold was broken; {Node} leaves")]
    public static partial void Broken(ILogger log, Exception error, NodeId node);

    [LoggerMessage(60, LogLevel.Warning, "{Member} in {Group} has completed nothing for {Seconds:0.0} s; senders go on and its queue may grow to {Limit} bytes, then it is removed")]
    public static partial void SlowConsumer(ILogger log, string member, string group, double seconds, long limit);

    [LoggerMessage(61, LogLevel.Error, "{Member} in {Group} has completed nothing for {Seconds:0.0} s; it is removed from the group, reason slow consumer, and what waited for it is dropped")]
    public static partial void SlowConsumerRemoved(ILogger log, string member, string group, double seconds);
}
