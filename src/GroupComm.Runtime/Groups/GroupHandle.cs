using System;
using System.Buffers;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Runtime.Delivery;
using GroupComm.Runtime.Submit;

namespace GroupComm.Runtime.Groups;

/// <summary>A membership as the application holds it.</summary>
internal sealed partial class GroupHandle : IGroup
{
    private readonly IGroupHost _host;
    private readonly IMessageSerializer _serializer;
    private readonly DeliveryOrder _defaultOrder;
    private GroupEntry? _entry;
    private int _reading;

    public GroupHandle(string name, int slot, GroupBuilder builder, IMessageSerializer serializer, IGroupHost host)
    {
        (Name, _host, _serializer, _defaultOrder) = (name, host, serializer, builder.Options.DefaultOrder);
        Member = new Member(slot, builder.Options.MemberName ?? $"m{slot}", this, builder.Options, builder.Build(serializer), host);
    }

    public Member Member { get; }

    public string Name { get; }

    public MemberId Self => new(Member.View?.Self ?? _host.Id, Member.Name);

    public GroupView View => Member.View?.View ?? throw new InvalidOperationException("the member has no view yet");

    public FencingToken FencingToken => View.Token;

    public GroupStatus Status => Member.Ended ?? Member.Away
        ?? (Member.View is null ? GroupStatus.Joining : _host.IsPrimary && Entry is not null ? GroupStatus.Active : GroupStatus.NotPrimary);

    /// <summary>Set by the core's owner when the member's first view is installed; null again between two lives of the node.</summary>
    public GroupEntry? Entry { get => Volatile.Read(ref _entry); set => Volatile.Write(ref _entry, value); }

    public ValueTask<SendReceipt> SendAsync<T>(T message, CancellationToken ct = default) =>
        Send(message, MessageType<T>.Order != 0 ? MessageType<T>.Order : _defaultOrder, fromHandler: false, ct);

    public ValueTask<SendReceipt> SendAsync<T>(T message, DeliveryOrder order, CancellationToken ct = default) =>
        Send(message, order, fromHandler: false, ct);

    public ValueTask<SendReceipt> SendBytesAsync(ReadOnlyMemory<byte> payload, DeliveryOrder order, CancellationToken ct = default) =>
        SendBytes(payload, order, fromHandler: false, ct);

    public ValueTask<SendReceipt> SendBytes(
        ReadOnlyMemory<byte> payload, DeliveryOrder order, bool fromHandler, CancellationToken ct, string? typeId = null)
    {
        GroupEntry group;
        try
        {
            group = Check(payload.Length, order);
        }
        catch (Exception error)
        {
            return ValueTask.FromException<SendReceipt>(error);
        }
        return _host.Sends.Send(new SendRequest(group.Number, Member.Slot, typeId, order, payload, null, fromHandler, group.Life), ct);
    }

    public ValueTask<SendReceipt> Send<T>(T message, DeliveryOrder order, bool fromHandler, CancellationToken ct)
    {
        ArrayBufferWriter<byte> writer = SendBuffers.Rent();
        GroupEntry group;
        try
        {
            _serializer.Serialize(writer, message);
            group = Check(writer.WrittenCount, order);
        }
        catch (Exception error)
        {
            SendBuffers.Return(writer);
            return ValueTask.FromException<SendReceipt>(error);
        }
        return _host.Sends.Send(new SendRequest(group.Number, Member.Slot, MessageType<T>.Id, order, writer.WrittenMemory, writer, fromHandler, group.Life), ct);
    }

    public IAsyncEnumerable<GroupEvent> ReadEventsAsync(CancellationToken ct = default)
    {
        if (Member.Events is null)
            throw new InvalidOperationException("events are off: call UseEvents() where the group is joined");
        if (Interlocked.Exchange(ref _reading, 1) == 1)
            throw new InvalidOperationException("the events of this member have a reader already; there is one reader per member");
        return Member.Events.ReadAllAsync(ct);
    }

    public Task LeaveAsync(CancellationToken ct = default) => _host.LeaveAsync(Member, ct);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await LeaveAsync().ConfigureAwait(false);
        }
        catch (GroupCommException)
        {
            // The node is gone, and the member with it.
        }
    }

    private GroupEntry Check(int size, DeliveryOrder order)
    {
        SendCheck.Order(order);
        SendCheck.Size(size, _host.MaxMessageSize);
        GroupEntry entry = CheckMember();
        entry.CheckOrder(order);
        return entry;
    }

    private GroupEntry CheckMember()
    {
        if (Member.Ended is { } ended)
            throw ended == GroupStatus.Excluded
                ? new ExcludedException("the others went on without this node")
                : new InvalidOperationException($"this member has left group '{Name}'");
        // Why the node is out stands before the member has handled it.
        return Entry ?? throw (_host.Sends.Over ?? (Member.View is null
            ? (Exception)new InvalidOperationException("the member has no view yet: send after JoinAsync completed")
            : new NotPrimaryException(_host.Sends.Away ?? $"the node is back in the cluster, its member not yet in group '{Name}'")));
    }
}
