using System;
using System.Diagnostics.Metrics;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Runtime.Discovery;
using GroupComm.Runtime.Node;
using GroupComm.Runtime.Telemetry;
using GroupComm.Transport;
using GroupComm.Transport.Tcp;
using Microsoft.Extensions.Logging;

namespace GroupComm;

/// <summary>Starts nodes. Several may live in one process.</summary>
public static class GroupCommNode
{
    /// <summary>Binds, and begins to look for the cluster. Completes without waiting for a view:
    /// <see cref="IGroupCommNode.WaitForPrimaryAsync"/> does.</summary>
    /// <exception cref="JoinException">An option is wrong, or the port is in use: step and fix.</exception>
    public static Task<IGroupCommNode> StartAsync(GroupCommOptions options, CancellationToken ct = default) => StartAsync(options, null, ct);

    /// <summary>As the public one, with logs and, from a host, the factory of its meters.</summary>
    internal static Task<IGroupCommNode> StartAsync(
        GroupCommOptions options, ILoggerFactory? logs, CancellationToken ct = default, IMeterFactory? meters = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        logs = NodeLogs.Of(logs, options);
        TransportOptions transport = new() { AllowPlaintext = options.AllowPlaintext };
        return StartAsync(options, sink => new TcpTransport(sink, transport, log: logs.CreateLogger("GroupComm.Transport")), logs, ct, meters);
    }

    /// <summary>Over any transport.</summary>
    internal static async Task<IGroupCommNode> StartAsync(
        GroupCommOptions options, Func<ILinkSink, ITransport> transport, ILoggerFactory? logs, CancellationToken ct = default,
        IMeterFactory? meters = null) =>
        await StartAsync(options, transport, logs, null, ct, meters).ConfigureAwait(false);

    /// <summary>Over any transport, and with a name service of one's own.</summary>
    internal static async Task<IGroupCommNode> StartAsync(
        GroupCommOptions options, Func<ILinkSink, ITransport> transport, ILoggerFactory? logs, NameLookup? lookup, CancellationToken ct = default,
        IMeterFactory? meters = null) =>
        await NodeStart.RunAsync(new NodePlan(options) { Meters = meters }, transport, NodeLogs.Of(logs, options), lookup, ct).ConfigureAwait(false);
}
