using System;
using Microsoft.Extensions.Logging;

namespace GroupComm.Hosting;

/// <summary>Every log line of the host's side.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(101, LogLevel.Error, "Group {Group} could not be joined: {Text}")]
    public static partial void GroupNotJoined(ILogger log, string group, string text);

    [LoggerMessage(102, LogLevel.Warning, "The host's time to shut down ended before the node had left; the others will notice")]
    public static partial void LeaveCut(ILogger log);

    [LoggerMessage(103, LogLevel.Error, "Leaving failed; the others will notice")]
    public static partial void LeaveFailed(ILogger log, Exception error);
}
