using System.Reflection;
using Microsoft.Extensions.Logging;

namespace GroupComm.Daemon.Serve;

/// <summary>Lines of the daemon's own log; those of the node and of HTTP are elsewhere.</summary>
internal static partial class ServeLog
{
    /// <summary>As the package has it, without the commit.</summary>
    public static string Version { get; } =
        typeof(ServeLog).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    /// <summary>What .NET found of the machine, or of the limits of a container: the first thing to look at when a node is slow.</summary>
    [LoggerMessage(1, LogLevel.Information, "GroupComm {Version}, processors: {Processors}, memory for the heap: {HeapMiB} MiB")]
    public static partial void Runs(ILogger log, string version, int processors, long heapMiB);
}
