using Microsoft.Extensions.Logging;

namespace GroupComm.Daemon.Sidecar;

/// <summary>Lines of the sidecar's log.</summary>
internal static partial class SidecarLog
{
    [LoggerMessage(1, LogLevel.Information, "Serves HTTP at {Address}")]
    public static partial void Serves(ILogger log, string address);

    [LoggerMessage(2, LogLevel.Warning, "Refused {Method} {Path}: {Status} {Code}: {Reason}")]
    public static partial void Refused(ILogger log, string method, string path, int status, string code, string reason);

    [LoggerMessage(3, LogLevel.Warning, "Client {Member} of group {Group} is dropped: it reads more slowly than the group sends")]
    public static partial void Dropped(ILogger log, string member, string group);

    [LoggerMessage(4, LogLevel.Debug, "A member did not leave group {Group}: {Reason}")]
    public static partial void LeaveFailed(ILogger log, string group, string reason);

    [LoggerMessage(5, LogLevel.Warning, "HTTP at {Address} is open to everybody who reaches it (--insecure)")]
    public static partial void Insecure(ILogger log, string address);

    [LoggerMessage(6, LogLevel.Error, "{Method} {Path} failed unexpectedly")]
    public static partial void Failed(ILogger log, System.Exception error, string method, string path);

    [LoggerMessage(7, LogLevel.Debug, "The watch of the cluster waits: {Reason}")]
    public static partial void WatchWaits(ILogger log, string reason);
}
