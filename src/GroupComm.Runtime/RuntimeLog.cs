using System;
using Microsoft.Extensions.Logging;

namespace GroupComm.Runtime;

/// <summary>
/// Every log line of the runtime, category <c>GroupComm</c>, ids 1 … 99; an id never changes its meaning. Information is what a
/// person would note. Lines are written inside turns, so only the control path has any: none per message or per frame of
/// data. docs/telemetry.md lists them; a test compares.
/// </summary>
internal static partial class RuntimeLog
{
    [LoggerMessage(1, LogLevel.Information, "{Node} of cluster {Cluster} listens at {Address}, expects {Expected} node(s)")]
    public static partial void Started(ILogger log, NodeId node, string cluster, string address, int expected);

    [LoggerMessage(2, LogLevel.Information, "View {View}: {Members}; left: {Departed}")]
    public static partial void ViewInstalled(ILogger log, long view, string members, string departed);

    [LoggerMessage(3, LogLevel.Information, "Group {Group} view {View} ({Reason}): {Members}")]
    public static partial void GroupViewInstalled(ILogger log, string group, GroupViewId view, string reason, string members);

    [LoggerMessage(4, LogLevel.Warning, "Not primary: {Reason}. Sends fail with NotPrimaryException until a quorum is heard; look at the links to the nodes named")]
    public static partial void PrimaryLost(ILogger log, string reason);

    [LoggerMessage(5, LogLevel.Information, "Primary again: a quorum is heard, sends go on")]
    public static partial void PrimaryRegained(ILogger log);

    [LoggerMessage(6, LogLevel.Information, "Suspects {Node}: {Reason}")]
    public static partial void Suspected(ILogger log, NodeId node, string reason);

    [LoggerMessage(7, LogLevel.Error, "{Node} was excluded: {Reason}. The others went on without it; it takes no further part under this identity")]
    public static partial void Excluded(ILogger log, NodeId node, string reason);

    [LoggerMessage(8, LogLevel.Information, "{Node} left")]
    public static partial void Left(ILogger log, NodeId node);

    [LoggerMessage(9, LogLevel.Error, "The cluster was lost: no quorum of its last view can ever answer; what only it knew is gone. The node seeks a cluster anew")]
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

    [LoggerMessage(15, LogLevel.Warning, "Handshake with {Remote} refused: {Text}. Correct the seeds or the cluster name, or update the older node")]
    public static partial void HandshakeRefused(ILogger log, string remote, string text);

    [LoggerMessage(16, LogLevel.Warning, "Malformed frame from {Remote}, link closed: {Detail}. It is dialled anew; if it repeats, something other than a node of this version sends there")]
    public static partial void MalformedFrame(ILogger log, string remote, string detail);

    [LoggerMessage(17, LogLevel.Error, "A handler of {Member} in {Group} failed; policy {Policy}")]
    public static partial void HandlerFailed(ILogger log, Exception error, string member, string group, HandlerFailurePolicy policy);

    [LoggerMessage(18, LogLevel.Warning, "{Member} in {Group} cannot handle type {Type}: {Why}. The message is passed over here; register a handler or update this node")]
    public static partial void Unhandled(ILogger log, string member, string group, string type, string why);

    [LoggerMessage(19, LogLevel.Warning, "A handler takes longer than {Limit} ms on the thread that reads {Peer}: the link is given up and dialled anew. Await in that handler instead of blocking")]
    public static partial void ReaderTaken(ILogger log, NodeId peer, long limit);

    [LoggerMessage(20, LogLevel.Critical, "A rule that must always hold was broken; {Node} leaves. Keep this log and the trace file, and report them")]
    public static partial void Broken(ILogger log, Exception error, NodeId node);

    [LoggerMessage(21, LogLevel.Error, "The trace file takes no more lines ({Reason}). {Node} goes on without a trace, and the file says so; make room and start the node again to trace it")]
    public static partial void TraceFailed(ILogger log, NodeId node, string reason);

    [LoggerMessage(22, LogLevel.Information, "View {View} has feature level {Level}: what all of its nodes can speak; this one can speak {Own}")]
    public static partial void LevelChanged(ILogger log, long view, int level, int own);

    [LoggerMessage(60, LogLevel.Warning, "{Member} in {Group} has completed nothing for {Seconds:0.0} s; senders go on and its queue may grow to {Limit} bytes, then it is removed")]
    public static partial void SlowConsumer(ILogger log, string member, string group, double seconds, long limit);

    [LoggerMessage(61, LogLevel.Error, "{Member} in {Group} has completed nothing for {Seconds:0.0} s; it is removed from the group, reason slow consumer, and what waited for it is dropped")]
    public static partial void SlowConsumerRemoved(ILogger log, string member, string group, double seconds);
    [LoggerMessage(40, LogLevel.Information, "{Member} awaits the state of {Group} from {Donor}, captured at view {View} ({Reason})")]
    public static partial void StateAwaited(ILogger log, string member, string group, NodeId donor, GroupViewId view, string reason);

    [LoggerMessage(41, LogLevel.Information, "{Member} has restored the state of {Group}, {Bytes} bytes from {Donor}")]
    public static partial void StateRestored(ILogger log, string member, string group, long bytes, NodeId donor);

    [LoggerMessage(42, LogLevel.Warning, "{Member} asks for another donor of the state of {Group}; {Donor}: {Why}")]
    public static partial void StateRetried(ILogger log, string member, string group, NodeId donor, string why);

    [LoggerMessage(43, LogLevel.Error, "{Member} in {Group} has no state and leaves")]
    public static partial void StateFailed(ILogger log, Exception error, string member, string group);

    [LoggerMessage(44, LogLevel.Information, "{Member} has captured the state of {Group}, {Bytes} bytes for {Joiner}")]
    public static partial void StateGiven(ILogger log, string member, string group, long bytes, NodeId joiner);

    [LoggerMessage(45, LogLevel.Warning, "{Member} could not give the state of {Group} to {Joiner}: {Why}")]
    public static partial void StateNotGiven(ILogger log, string member, string group, NodeId joiner, string why);
}
