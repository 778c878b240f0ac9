using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Client.Groups;
using GroupComm.Client.Requests;
using GroupComm.Client.Sessions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace GroupComm;

/// <summary>
/// Member of groups through a daemon, <c>groupcomm serve</c>, without a node in this process: <see cref="JoinAsync"/> gives the same
/// <see cref="IGroup"/> as a node does. A connection that breaks is made again, and nothing is lost or doubled. When the daemon
/// itself is gone, the members join anew at the next endpoint: events <see cref="Excluded"/>, <see cref="Reset"/>, then the view;
/// sends under way fail with <see cref="OutcomeUnknownException"/>.
/// </summary>
/// <remarks>Each membership has a connection of its own; the first and the sends from outside share one.</remarks>
public sealed class GroupCommClient : IAsyncDisposable
{
    private const int MaxGroupName = 256;
    private static readonly TimeSpan s_leaveTimeout = TimeSpan.FromSeconds(5);

    private readonly SessionOptions _options;
    private readonly ReceiptStages _receipts;
    private readonly IMessageSerializer _serializer;
    private readonly ILogger _log;
    private readonly SemaphoreSlim _opening = new(1);
    private readonly Lock _lock = new();
    private readonly HashSet<ClientGroup> _groups = [];
    private GatewayLink _main = null!;
    private bool _mainIsTaken;
    private bool _disposed;

    private GroupCommClient(GroupCommClientOptions options)
    {
        (_options, _receipts) = (options.Check(), options.Receipts & ReceiptStages.All);
        _serializer = options.Serializer ?? new MessagePackMessageSerializer();
        _log = (options.LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger("GroupComm.Client");
    }

    /// <summary>The daemon's node, as of the latest connection.</summary>
    public NodeId Node => NodeId.TryParse(_main.Session.Node, out NodeId id) ? id : default;

    /// <summary>The cluster of the daemon's node.</summary>
    public string Cluster => _main.Session.Cluster;

    internal GatewayLink Main => _main;

    /// <summary>Connects to the first daemon that answers.</summary>
    /// <exception cref="ArgumentException">An option is wrong; the text names the fix.</exception>
    /// <exception cref="GatewayClosedException">None answered within <see cref="GroupCommClientOptions.Patience"/>, or it refused.</exception>
    public static async Task<GroupCommClient> ConnectAsync(GroupCommClientOptions options, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        GroupCommClient client = new(options);
        client._main = await client.OpenAsync(ct).ConfigureAwait(false);
        return client;
    }

    /// <summary>Joins a group: registers the handlers, then completes with the first view that contains the member.</summary>
    /// <exception cref="JoinException">Refused, with the failing step.</exception>
    /// <exception cref="NotPrimaryException">The daemon's node is in no primary view.</exception>
    /// <exception cref="GatewayClosedException">No daemon can be reached.</exception>
    public async Task<IGroup> JoinAsync(string group, Action<IGroupBuilder> configure, CancellationToken ct = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(group);
        ArgumentNullException.ThrowIfNull(configure);
        if (group.Length > MaxGroupName)
            throw new ArgumentException($"a group's name has at most {MaxGroupName} characters", nameof(group));
        GroupBuilder builder = new();
        configure(builder);
        Check(builder.Options);
        GatewayLink link = await TakeAsync(ct).ConfigureAwait(false);
        ClientGroup joining = new(group, link, builder, _serializer, _log, FreeAsync);
        if (!Add(joining))
        {
            await link.DisposeAsync().ConfigureAwait(false);
            throw new ObjectDisposedException(nameof(GroupCommClient));
        }
        try
        {
            await joining.JoinAsync(ct).ConfigureAwait(false);
            return joining;
        }
        catch (Exception error)
        {
            await joining.AbandonAsync().ConfigureAwait(false);
            await FreeAsync(joining, clean: error is JoinException or NotPrimaryException).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Multicasts raw bytes to an open group without being a member. Errors as <see cref="IGroup.SendBytesAsync"/>.</summary>
    /// <exception cref="InvalidOperationException">There is no such group, or it is closed.</exception>
    public ValueTask<SendReceipt> SendBytesAsync(string group, ReadOnlyMemory<byte> payload, DeliveryOrder order, CancellationToken ct = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(group);
        return SendAsync(group, null, payload, order, ct);
    }

    /// <summary>Multicasts to an open group without being a member. Errors as <see cref="SendBytesAsync"/>.</summary>
    public ValueTask<SendReceipt> SendAsync<T>(string group, T message, DeliveryOrder order, CancellationToken ct = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(group);
        ArrayBufferWriter<byte> writer = new();
        _serializer.Serialize(writer, message);
        return SendAsync(group, MessageType<T>.Checked, writer.WrittenMemory, order, ct);
    }

    /// <summary>Leaves all groups and closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        ClientGroup[] groups;
        lock (_lock)
        {
            if (_disposed)
                return;
            (_disposed, groups) = (true, [.. _groups]);
        }
        // A member that cannot leave now leaves with its session.
        await Task.WhenAll(groups.Select(static group => group.LeaveAsync())).WaitAsync(s_leaveTimeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (ClientGroup group in groups)
            await FreeAsync(group, clean: false).ConfigureAwait(false);
        await _main.DisposeAsync().ConfigureAwait(false);
    }

    internal async ValueTask<SendReceipt> SendAsync(string group, string? type, ReadOnlyMemory<byte> payload, DeliveryOrder order, CancellationToken ct) =>
        await (await MainAsync(ct).ConfigureAwait(false)).SendAsync(null, group, type, payload, order, inHandler: false, ct).ConfigureAwait(false);

    private static void Check(GroupOptions options)
    {
        if (options.MemberName is { } name && !NodeId.IsValidName(name))
            throw new ArgumentException($"'{name}' is not a member name: use 1 to {NodeId.MaxNameLength} of A-Z a-z 0-9 . _ -");
        if (options.SlowConsumerTimeout < TimeSpan.FromMilliseconds(200) || options.SlowConsumerTimeout > TimeSpan.FromHours(24))
            throw new ArgumentException($"SlowConsumerTimeout is {options.SlowConsumerTimeout}: 200 ms to 24 h");
        if (options.SlowConsumerPolicy != SlowConsumerPolicy.Remove)
            throw new ArgumentException("a daemon removes a client that does not consume: SlowConsumerPolicy.Report is for nodes");
    }

    private async Task<GatewayLink> OpenAsync(CancellationToken ct)
    {
        GatewayLink link = new(_options, _receipts);
        try
        {
            await link.Session.StartAsync(ct).ConfigureAwait(false);
            return link;
        }
        catch
        {
            await link.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The connection for sends from outside; a new one if it ended.</summary>
    private async Task<GatewayLink> MainAsync(CancellationToken ct)
    {
        if (_main.Session.End is null)
            return _main;
        await _opening.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_main.Session.End is null)
                return _main;
            GatewayLink fresh = await OpenAsync(ct).ConfigureAwait(false);
            (GatewayLink old, bool taken, bool late) = Replace(fresh);
            if (!taken || late)
                await (late ? fresh : old).DisposeAsync().ConfigureAwait(false);
            ObjectDisposedException.ThrowIf(late, this);
            return fresh;
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <summary>The old one stays with the member that has it.</summary>
    private (GatewayLink Old, bool Taken, bool Late) Replace(GatewayLink fresh)
    {
        lock (_lock)
        {
            (GatewayLink old, bool taken) = (_main, _mainIsTaken);
            if (!_disposed)
                (_main, _mainIsTaken) = (fresh, false);
            return (old, taken, _disposed);
        }
    }

    private async Task<GatewayLink> TakeAsync(CancellationToken ct)
    {
        GatewayLink main = await MainAsync(ct).ConfigureAwait(false);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_mainIsTaken)
            {
                _mainIsTaken = true;
                return main;
            }
        }
        return await OpenAsync(ct).ConfigureAwait(false);
    }

    /// <returns>False: the client was disposed meanwhile.</returns>
    private bool Add(ClientGroup group)
    {
        lock (_lock)
            return !_disposed && _groups.Add(group);
    }

    private async ValueTask FreeAsync(ClientGroup group, bool clean)
    {
        bool isMain;
        lock (_lock)
        {
            if (!_groups.Remove(group))
                return;
            isMain = group.Link == _main;
        }
        group.Detach();
        if (!isMain || !clean)
            await group.Link.DisposeAsync().ConfigureAwait(false);
        lock (_lock)
            if (group.Link == _main)
                _mainIsTaken = false;
    }
}
