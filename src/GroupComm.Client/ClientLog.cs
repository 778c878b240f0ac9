using System;
using Microsoft.Extensions.Logging;

namespace GroupComm.Client;

/// <summary>Every log line of the client.</summary>
internal static partial class ClientLog
{
    [LoggerMessage(1, LogLevel.Error, "A handler of group {Group} failed; the group goes on with the next message")]
    public static partial void HandlerFailed(ILogger log, Exception error, string group);

    [LoggerMessage(2, LogLevel.Debug, "Group {Group}: a message of type '{Type}' has no handler")]
    public static partial void Unhandled(ILogger log, string group, string? type);

    [LoggerMessage(3, LogLevel.Warning, "Group {Group}: the bytes of a message are not what type '{Type}' says")]
    public static partial void Undecodable(ILogger log, Exception error, string group, string? type);

    [LoggerMessage(4, LogLevel.Warning, "Group {Group}: the daemon is gone or forgot this member; it joins again")]
    public static partial void Lost(ILogger log, string group);

    [LoggerMessage(5, LogLevel.Warning, "Group {Group}: not joined again yet: {Reason}")]
    public static partial void RejoinFailed(ILogger log, string group, string reason);

    [LoggerMessage(6, LogLevel.Error, "Group {Group}: the client has ended: {Reason}")]
    public static partial void Ended(ILogger log, string group, string reason);

    [LoggerMessage(7, LogLevel.Error, "Group {Group}: a handler failed, and the policy is to leave")]
    public static partial void LeavesAfterFailure(ILogger log, Exception error, string group);
}
