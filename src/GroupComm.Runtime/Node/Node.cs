using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Core;
using GroupComm.Core.Messages;
using GroupComm.Runtime.Blocks;
using GroupComm.Runtime.Delivery;
using GroupComm.Runtime.Exchange;
using GroupComm.Runtime.Discovery;
using GroupComm.Runtime.Groups;
using GroupComm.Runtime.Links;
using GroupComm.Runtime.Serialization;
using GroupComm.Runtime.State;
using GroupComm.Runtime.Submit;
using GroupComm.Runtime.Telemetry;
using GroupComm.Runtime.Turn;
using GroupComm.Transport;
using Microsoft.Extensions.Logging;

namespace GroupComm.Runtime.Node;

/// <summary>One node as the application holds it: puts the parts together and owns their lives.</summary>
internal sealed partial class Node : IGroupCommNode, IGroupHost
{
    private readonly NodePlan _plan;
    private readonly ITransport _transport;
    private readonly ILogger _log;
    private readonly IMessageSerializer _serializer;
    private readonly GroupDirectory _groups = new();
    private readonly PrimaryGate _primary = new();
    private readonly ViewFeed _views = new();
    private readonly HandledBytes _handled;
    private readonly Receipts _receipts;
    private readonly TurnTrace? _trace;
    private readonly NodeTurn _turn;
    private readonly TurnLoop _loop;
    private readonly Ticker _ticker;
    private Identity _self;
    private int _slots;

    public Node(NodePlan plan, CoreOptions core, ITransport transport, ILogger log)
    {
        (_plan, _transport, _log) = (plan, transport, log);
        _self = new Identity(core.Self.Id);
        _serializer = plan.Options.Serializer ?? new MessagePackMessageSerializer();
        _handled = new HandledBytes(core.SendWindow / 16);
        _receipts = new Receipts(IsInsideHandler, () => Kick(mayTake: false));
        BlockPool blocks = new();
        Telemetry = new NodeTelemetry(plan.Options.Cluster, core.Self.Id.Name, plan.Meters, this);
        Sends = new SendQueue(Kick, _receipts, IsInsideHandler, Telemetry);
        Links = new LinkManager(plan.Options.Cluster, core.Self.Id, core.Self.Address, core.Times.Heartbeat * 3, checksums: plan.Options.TlsCert is null, blocks, this, log, Telemetry);
        Links.Dialer = new Dialer(Links.Table, this, transport, core.Self.Address);
        _doctor = new JoinDoctor(LinkObstacles, log);
        Links.States = States = new StateHub(transport, () => Id, plan.Options.StateTransferTimeout);
        _trace = plan.Options.TraceFile is { } path ? OpenTrace(path, plan.Options.Cluster, core.Self.Id) : null;
        if (_trace is not null)
            _trace.Failed = reason => RuntimeLog.TraceFailed(log, Id, reason);
        _turn = new NodeTurn(new TurnParts(Links, _groups, Sends, _receipts, blocks, this, log, _trace, Telemetry), core, _handled, plan.Options.Rejoin);
        _loop = new TurnLoop(_turn);
        _ticker = new Ticker(_loop, Links, core.Times, log);
    }

    private sealed record Identity(NodeId Id);

    public LinkManager Links { get; }

    public SendQueue Sends { get; }

    public ExchangeDesk Desk => _turn.Desk;

    bool IGroupHost.IsInsideHandler => IsInsideHandler();

    void IGroupHost.Bring(TurnInput input) => _loop.Bring(input, TurnSource.OneTurnOnly);

    void IGroupHost.Cancel(QueryRequest query) => _loop.Leave(new CallInput((_, _, _) => _turn.Cancel(query)));

    void IGroupHost.QueryFailed(Member member, Exception error) => ((IMemberOwner)this).HandlerFailed(member, error);

    public NodeTelemetry Telemetry { get; }

    public NodeId Id => Volatile.Read(ref _self).Id;

    public View? View => _views.Current;

    public bool IsPrimary => _primary.IsPrimary;

    public int MaxMessageSize => _plan.Options.MaxMessageSize;

    /// <summary>What finds nodes besides the seeds; null without it.</summary>
    public DiscoveryLoop? Discovery { get; private set; }

    /// <summary>Begins to tick and to dial.</summary>
    public void Begin(IEnumerable<string> seeds, IGroupCommDiscovery? discovery)
    {
        _ticker.Start();
        Links.Dialer.Start(seeds);
        if (discovery is not null)
        {
            Discovery = new DiscoveryLoop(discovery, Links.Dialer);
            Discovery.Start();
        }
        _loop.Kick();
    }

    public Task WaitForPrimaryAsync(CancellationToken ct = default) => _primary.WaitAsync(ct);

    public IAsyncEnumerable<View> ReadViewsAsync(CancellationToken ct = default) => _views.ReadAsync(ct);

    public ValueTask<SendReceipt> SendBytesAsync(string group, ReadOnlyMemory<byte> payload, DeliveryOrder order, CancellationToken ct = default) =>
        SendFromOutside(group, null, payload, order, ct);

    private ValueTask<SendReceipt> SendFromOutside(string group, string? typeId, ReadOnlyMemory<byte> payload, DeliveryOrder order, CancellationToken ct)
    {
        try
        {
            ArgumentNullException.ThrowIfNull(group);
            SendCheck.Order(order);
            SendCheck.Size(payload.Length, MaxMessageSize);
            if (_groups.Find(group) is not { } entry)
                return Sends.Away is { } away ? throw new NotPrimaryException(away)
                    : View is null ? SendAfterFirstViewAsync(group, typeId, payload, order, ct)
                    : throw new InvalidOperationException($"group '{group}' has no member, so it does not exist");
            if (!entry.Traits.Open)
                throw new InvalidOperationException($"group '{group}' is closed: join it and send through the IGroup");
            entry.CheckOrder(order);
            return Sends.Send(new SendRequest(entry.Number, 0, typeId, order, payload, null, FromHandler: false, entry.Life), ct);
        }
        catch (Exception error)
        {
            return ValueTask.FromException<SendReceipt>(error);
        }
    }

    public async Task<IGroup> JoinAsync(string group, Action<IGroupBuilder> configure, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(configure);
        if (group.Length is 0 or > MaxGroupName)
            throw new ArgumentException($"a group's name has 1 to {MaxGroupName} characters", nameof(group));
        GroupBuilder builder = new();
        configure(builder);
        if (builder.Options.MemberName is { } name && !NodeId.IsValidName(name))
            throw new ArgumentException($"'{name}' is not a member name: use 1 to {NodeId.MaxNameLength} of A-Z a-z 0-9 . _ -");
        SendCheck.Order(builder.Options.DefaultOrder);
        builder.CheckConsumer();
        if (_primary.Failure is { } failure)
            throw failure;

        GroupHandle handle = new(group, Interlocked.Increment(ref _slots), builder, builder.Options.Serializer ?? _serializer, this);
        _loop.Leave(new JoinInput(_turn, handle.Member));
        try
        {
            return await handle.Member.Joined.WaitAsync(ct).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Whoever does not wait any more does not want to be a member either.
            LeaveGroup(handle.Member, "the join was cancelled");
            throw;
        }
    }

    private const int MaxGroupName = 256;

    private void Kick(bool mayTake) => _loop.Kick(mayTake);

    private bool IsInsideHandler() => HandlerScope.Current is { IsHandling: true } member && member.IsOn(this);

    private async ValueTask<SendReceipt> SendAfterFirstViewAsync(
        string group, string? typeId, ReadOnlyMemory<byte> payload, DeliveryOrder order, CancellationToken ct)
    {
        await WaitForPrimaryAsync(ct).ConfigureAwait(false);
        return await SendFromOutside(group, typeId, payload, order, ct).ConfigureAwait(false);
    }

    private static TurnTrace OpenTrace(string path, string cluster, NodeId self)
    {
        try
        {
            return new TurnTrace(path, cluster, self);
        }
        catch (Exception error) when (error is System.IO.IOException or UnauthorizedAccessException)
        {
            throw new JoinException(JoinStep.Options, $"TraceFile '{path}' cannot be written: {error.Message}", error);
        }
    }

    private sealed class JoinInput(NodeTurn turn, Member member) : TurnInput
    {
        public override void Apply(NodeCore core, long now, EffectList effects) => turn.Join(member, effects);

        public override void Discard() =>
            member.Refuse(new JoinException(JoinStep.Admission, "this node is no longer in the cluster; start a node again"));
    }
}
