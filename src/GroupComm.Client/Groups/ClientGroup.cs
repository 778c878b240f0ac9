using System;
using System.Buffers;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Client.Frames;
using GroupComm.Client.Requests;
using Microsoft.Extensions.Logging;

namespace GroupComm.Client.Groups;

/// <summary>A membership through a daemon, as the application holds it.</summary>
internal sealed partial class ClientGroup : IGroup
{
    private readonly GatewayLink _link;
    private readonly IMessageSerializer _serializer;
    private readonly EventPump _pump;
    private readonly Func<ClientGroup, bool, ValueTask> _ended;
    private int _reading;

    /// <param name="name">The group.</param>
    /// <param name="link">Its session.</param>
    /// <param name="builder">What it registered.</param>
    /// <param name="serializer">When its options name none.</param>
    /// <param name="log">For failures.</param>
    /// <param name="ended">Called once, when it has left; true: its session may serve another.</param>
    public ClientGroup(string name, GatewayLink link, GroupBuilder builder, IMessageSerializer serializer, ILogger log, Func<ClientGroup, bool, ValueTask> ended)
    {
        (Name, _link, Options, _ended) = (name, link, builder.Options, ended);
        _serializer = builder.Options.Serializer ?? serializer;
        Handlers = builder.Build(_serializer);
        _pump = new EventPump(this, link, log);
        Log = log;
    }

    public string Name { get; }

    public GroupOptions Options { get; }

    public Handlers Handlers { get; }

    public ILogger Log { get; }

    public GatewayLink Link => _link;

    public MemberId Self => _pump.Self ?? throw NoView();

    public GroupView View => _pump.View ?? throw NoView();

    public FencingToken FencingToken => View.Token;

    public GroupStatus Status => _pump.Status;

    /// <summary>The running code belongs to a handler of this member.</summary>
    public bool IsInHandler => HandlerScope.Current == this && _pump.IsHandling;

    public ValueTask<SendReceipt> SendAsync<T>(T message, CancellationToken ct = default) => SendAsync(message, OrderOf<T>(), IsInHandler, ct);

    public ValueTask<SendReceipt> SendAsync<T>(T message, DeliveryOrder order, CancellationToken ct = default) => SendAsync(message, order, IsInHandler, ct);

    public ValueTask<SendReceipt> SendBytesAsync(ReadOnlyMemory<byte> payload, DeliveryOrder order, CancellationToken ct = default) =>
        SendBytesAsync(payload, null, order, IsInHandler, ct);

    public ValueTask<SendReceipt> SendAsync<T>(T message, DeliveryOrder order, bool inHandler, CancellationToken ct)
    {
        try
        {
            return SendBytesAsync(Serialize(message), MessageType<T>.Checked, order, inHandler, ct);
        }
        catch (Exception error)
        {
            return ValueTask.FromException<SendReceipt>(error);
        }
    }

    /// <summary>A multicast of a stated type, or of none.</summary>
    public async ValueTask<SendReceipt> SendBytesAsync(ReadOnlyMemory<byte> payload, string? type, DeliveryOrder order, bool inHandler, CancellationToken ct)
    {
        CheckMember();
        return await _link.SendAsync(this, null, type, payload, order, inHandler, ct).ConfigureAwait(false);
    }

    public IAsyncEnumerable<GroupEvent> ReadEventsAsync(CancellationToken ct = default)
    {
        if (_pump.Events is null)
            throw new InvalidOperationException("events are off: call UseEvents() where the group is joined");
        if (Interlocked.Exchange(ref _reading, 1) == 1)
            throw new InvalidOperationException("the events of this member have a reader already; there is one reader per member");
        return _pump.Events.ReadAllAsync(ct);
    }

    public async Task LeaveAsync(CancellationToken ct = default)
    {
        if (IsInHandler)
            throw new InvalidOperationException("a member cannot leave inside its own handler, which would wait for itself; leave outside of it");
        await LeaveOnceAsync().WaitAsync(ct).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await LeaveAsync().ConfigureAwait(false);
        }
        catch (GroupCommException)
        {
            // The daemon is gone, and the member with it.
        }
    }

    private DeliveryOrder OrderOf<T>() => MessageType<T>.Order != 0 ? MessageType<T>.Order : Options.DefaultOrder;

    private ReadOnlyMemory<byte> Serialize<T>(T message)
    {
        ArrayBufferWriter<byte> writer = new();
        _serializer.Serialize(writer, message);
        return writer.WrittenMemory;
    }

    /// <summary>Whether requests of a member make sense now.</summary>
    private void CheckMember()
    {
        if (_link.Session.End is { } end)
            throw end.Again();
        switch (_pump.Status)
        {
            case GroupStatus.Left:
                throw GatewayErrors.With("no-membership", new InvalidOperationException($"this member has left group '{Name}'"));
            case GroupStatus.Excluded when _pump.IsOver:
                throw new ExcludedException("the others went on without this member");
            case GroupStatus.Excluded:
                throw GatewayErrors.With("not-primary", new NotPrimaryException($"its member is not back in group '{Name}' yet"));
            case GroupStatus.Joining:
                throw _pump.View is null ? NoView() : GatewayErrors.With("not-primary", new NotPrimaryException("the cluster was lost and begins anew"));
        }
    }

    private static InvalidOperationException NoView() => new("the member has no view yet: use the group after JoinAsync completed");
}
