using System;
using Microsoft.Extensions.Logging;

namespace GroupComm.Transport;

/// <summary>Everything this room logs, category <c>GroupComm.Transport</c>, ids 101 … 199; an id never changes its meaning.
/// Links come and go as part of normal life, so they are Debug; the runtime tells people of peers.</summary>
internal static partial class TransportLog
{
    [LoggerMessage(101, LogLevel.Information, "listening on {Address}")]
    public static partial void Listening(ILogger log, string address);

    [LoggerMessage(102, LogLevel.Debug, "link {Link} with {Remote} opened (dialled: {Dialled})")]
    public static partial void Opened(ILogger log, long link, string remote, bool dialled);

    [LoggerMessage(103, LogLevel.Debug, "link {Link} with {Remote} closed: {Reason}")]
    public static partial void Closed(ILogger log, long link, string remote, CloseReason reason);

    [LoggerMessage(104, LogLevel.Warning, "connection from {Remote} refused: {Reason}")]
    public static partial void Refused(ILogger log, string remote, CloseReason reason);

    [LoggerMessage(105, LogLevel.Error, "link {Link} with {Remote}: the receiver of its frames failed, the link is closed and dialled anew")]
    public static partial void SinkFailed(ILogger log, Exception error, long link, string remote);

    [LoggerMessage(106, LogLevel.Warning, "accepting connections on {Address} failed, trying again: {Error}")]
    public static partial void AcceptFailed(ILogger log, string address, string error);

    [LoggerMessage(107, LogLevel.Information, "peers need mutual TLS {Version}; this node is {Identity}, its certificate is good until {NotAfter:u}")]
    public static partial void Secured(ILogger log, string version, string identity, DateTime notAfter);

    [LoggerMessage(108, LogLevel.Warning, "this platform has no TLS 1.3 server: peers are spoken to with TLS 1.2, and those that want 1.3 refuse this node")]
    public static partial void OldTls(ILogger log);

    [LoggerMessage(109, LogLevel.Information, "certificates reloaded: {Identity}, good until {NotAfter:u}; connections that stand go on as they are")]
    public static partial void Reloaded(ILogger log, string identity, DateTime notAfter);

    [LoggerMessage(110, LogLevel.Warning, "the certificate files changed and cannot be used, the former ones stay: {Error}")]
    public static partial void NotReloaded(ILogger log, string error);
}
