using System;
using Microsoft.Extensions.Logging;

namespace GroupComm.Daemon.Gateway;

/// <summary>Lines of the gateway's log.</summary>
internal static partial class GatewayLog
{
    [LoggerMessage(1, LogLevel.Information, "Serves the gateway at {Address}")]
    public static partial void Serves(ILogger log, string address);

    [LoggerMessage(2, LogLevel.Warning, "Closed the connection of gateway client '{Client}': {Code}: {Detail}")]
    public static partial void Closed(ILogger log, string client, string code, string detail);

    [LoggerMessage(3, LogLevel.Error, "A request of a gateway client failed unexpectedly")]
    public static partial void Failed(ILogger log, Exception error);

    [LoggerMessage(4, LogLevel.Warning, "The gateway at {Address} is open to everybody who reaches it (--insecure)")]
    public static partial void Insecure(ILogger log, string address);
}
