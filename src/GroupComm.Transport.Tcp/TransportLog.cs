using System;
using Microsoft.Extensions.Logging;

namespace GroupComm.Transport;

/// <summary>Everything this room logs. Links come and go as part of normal life, so they are Debug; the runtime tells people of peers.</summary>
internal static partial class TransportLog
{
    [LoggerMessage(1, LogLevel.Information, "listening on {Address}")]
    public static partial void Listening(ILogger log, string address);

    [LoggerMessage(2, LogLevel.Debug, "link {Link} with {Remote} opened (dialled: {Dialled})")]
    public static partial void Opened(ILogger log, long link, string remote, bool dialled);

    [LoggerMessage(3, LogLevel.Debug, "link {Link} with {Remote} closed: {Reason}")]
    public static partial void Closed(ILogger log, long link, string remote, CloseReason reason);

    [LoggerMessage(4, LogLevel.Warning, "connection from {Remote} refused: {Reason}")]
    public static partial void Refused(ILogger log, string remote, CloseReason reason);

    [LoggerMessage(5, LogLevel.Error, "link {Link} with {Remote}: the receiver of its frames failed, the link is closed")]
    public static partial void SinkFailed(ILogger log, Exception error, long link, string remote);

    [LoggerMessage(6, LogLevel.Warning, "accepting connections on {Address} failed, trying again: {Error}")]
    public static partial void AcceptFailed(ILogger log, string address, string error);
}
