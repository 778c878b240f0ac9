using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Hosting.Registration;
using GroupComm.Runtime.Links;
using GroupComm.Runtime.Node;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace GroupComm.Hosting;

/// <summary>
/// The life of one cluster's node in a host (decision 0023). It starts before every other service, so that they find it, and
/// leaves after every other has stopped, so that they may still send.
/// </summary>
internal sealed class ClusterHost : IHostedLifecycleService, IAsyncDisposable, IDisposable
{
    private readonly ClusterRegistration _cluster;
    private readonly IServiceProvider _provider;
    private readonly Dictionary<GroupRegistration, HostedGroup> _groups = [];
    private readonly ILogger _log;
    private IGroupCommNode? _node;
    private int _stopped;

    public ClusterHost(ClusterRegistration cluster, IServiceProvider provider)
    {
        (_cluster, _provider) = (cluster, provider);
        Logs = provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance;
        _log = Logs.CreateLogger("GroupComm");
        foreach (GroupRegistration group in cluster.Groups)
            _groups.Add(group, new HostedGroup(group.Group, _log));
    }

    /// <summary>The node as the application holds it, from before its start on.</summary>
    public HostedNode Node { get; } = new();

    public IEnumerable<HostedGroup> Groups => _cluster.Groups.Select(Find);

    public string Title => _cluster.Title;

    public GroupCommHostingOptions Options => _provider.GetRequiredService<IOptionsMonitor<GroupCommHostingOptions>>().Get(_cluster.Name);

    private ILoggerFactory Logs { get; }

    public HostedGroup Find(GroupRegistration group) => _groups[group];

    private Task<IGroupCommNode> StartNodeAsync(GroupCommOptions options, ILoggerFactory logs, CancellationToken ct) =>
        GroupCommNode.StartAsync(options, logs, ct, _provider.GetService<IMeterFactory>());

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        GroupCommOptions options = _provider.GetRequiredService<IOptionsMonitor<GroupCommOptions>>().Get(_cluster.Name);
        NodeStarter start = _provider.GetService<NodeStarter>() ?? StartNodeAsync;
        try
        {
            _node = await start(options, Logs, cancellationToken).ConfigureAwait(false);
            Node.Started(_node);
            foreach ((GroupRegistration registration, HostedGroup group) in _groups)
                group.Begin(_node, builder => registration.Apply(_provider, builder));
            if (Options.WaitForJoin)
                await WaitForJoinAsync(_node, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            Node.Failed(error);
            foreach (HostedGroup group in _groups.Values)
                group.Failed(error);
            throw;
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => LeaveAsync(cancellationToken);

    public async ValueTask DisposeAsync() => await LeaveAsync(CancellationToken.None).ConfigureAwait(false);

    // Containers that are disposed without waiting are those of tests and tools; a host disposes asynchronously.
    public void Dispose() => Task.Run(() => LeaveAsync(CancellationToken.None)).GetAwaiter().GetResult();

    private async Task WaitForJoinAsync(IGroupCommNode node, CancellationToken ct)
    {
        try
        {
            await node.WaitForPrimaryAsync(ct).ConfigureAwait(false);
            foreach (HostedGroup group in _groups.Values)
                await group.Joined.WaitAsync(ct).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            IReadOnlyList<JoinObstacle> obstacles = (node as INodeHealth)?.Obstacles ?? [];
            JoinStep step = obstacles.Count == 0 ? JoinStep.Admission : obstacles[^1].Step;
            throw new JoinException(step, $"the start was cancelled before the node had joined (WaitForJoin): {node.Waiting ?? "its groups are not joined yet"}");
        }
    }

    // Once, and within the shorter of LeaveTimeout and what the host allows.
    private async Task LeaveAsync(CancellationToken ct)
    {
        if (_node is null || Interlocked.Exchange(ref _stopped, 1) == 1)
            return;
        Task leaving = _node.LeaveAsync(CancellationToken.None);
        try
        {
            await leaving.WaitAsync(ct).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            HostingLog.LeaveCut(_log);
        }
        catch (Exception error)
        {
            HostingLog.LeaveFailed(_log, error); // the rest of the host must stop all the same
        }
    }
}
