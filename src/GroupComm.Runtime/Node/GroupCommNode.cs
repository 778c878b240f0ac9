using System;
using System.Diagnostics.Metrics;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Runtime.Discovery;
using GroupComm.Runtime.Node;
using GroupComm.Runtime.Telemetry;
using GroupComm.Transport;
using GroupComm.Transport.Tcp;
using GroupComm.Transport.Tls;
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
        return StartTcpAsync(options, NodeLogs.Of(logs, options), ct, meters);
    }

    private static async Task<IGroupCommNode> StartTcpAsync(GroupCommOptions options, NodeLogs logs, CancellationToken ct, IMeterFactory? meters)
    {
        NodePlan plan = new(options) { Meters = meters }; // before any file is read: the options are checked
        ILogger log = logs.CreateLogger("GroupComm.Transport");
        TransportOptions transport = new() { AllowPlaintext = options.AllowPlaintext };
        CredentialFiles? files = PeerTls.Open(options, log);
        TlsUpgrade? tls = files is null ? null : new(files, options.Cluster, options.TlsAllowWildcard, transport.MaxTlsHandshake);
        if (files is { Identity: { IsAnyNode: false } own })
            plan.CertifiedName = own.Node;
        return await NodeStart.RunAsync(plan, sink => new TcpTransport(sink, transport, log: log, upgrade: tls), logs, null, ct).ConfigureAwait(false);
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
