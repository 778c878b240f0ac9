using System;
using System.Buffers;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Runtime.Groups;
using GroupComm.Runtime.Submit;

namespace GroupComm.Testing.Kit;

/// <summary>A membership as the application holds it.</summary>
internal sealed class KitGroup(KitProcess process, KitMember member, IMessageSerializer serializer) : IGroup
{
    private const int MaxMessage = 64 << 20;

    private bool _reading;

    public string Name => member.Name;

    public MemberId Self => member.Self;

    public GroupView View => member.View?.View ?? throw new InvalidOperationException("the member has no view yet");

    public FencingToken FencingToken => View.Token;

    public GroupStatus Status => member.Status;

    public bool IsLeaving => member.IsLeaving;

    public ValueTask<SendReceipt> SendAsync<T>(T message, CancellationToken ct = default) =>
        Send(message, MessageType<T>.Order != 0 ? MessageType<T>.Order : member.Builder.Options.DefaultOrder, fromHandler: false, ct);

    public ValueTask<SendReceipt> SendAsync<T>(T message, DeliveryOrder order, CancellationToken ct = default) => Send(message, order, fromHandler: false, ct);

    public ValueTask<SendReceipt> SendBytesAsync(ReadOnlyMemory<byte> payload, DeliveryOrder order, CancellationToken ct = default) =>
        SendBytes(payload, order, fromHandler: false, ct);

    public ValueTask<SendReceipt> Send<T>(T message, DeliveryOrder order, bool fromHandler, CancellationToken ct)
    {
        var writer = new ArrayBufferWriter<byte>();
        serializer.Serialize(writer, message);
        return Send(MessageType<T>.Id, writer.WrittenMemory, order, fromHandler, ct);
    }

    public ValueTask<SendReceipt> SendBytes(ReadOnlyMemory<byte> payload, DeliveryOrder order, bool fromHandler, CancellationToken ct) =>
        Send(null, payload.ToArray(), order, fromHandler, ct);

    private ValueTask<SendReceipt> Send(string? typeId, ReadOnlyMemory<byte> payload, DeliveryOrder order, bool fromHandler, CancellationToken ct)
    {
        process.CheckThread();
        try
        {
            SendCheck.Order(order);
            SendCheck.Size(payload.Length, MaxMessage);
            member.CheckActive();
            if (member.Builder.Options.AgreedOnly && order < DeliveryOrder.Agreed)
                throw new InvalidOperationException($"group '{Name}' was created for agreed and safe messages only; send with one of these orders");
        }
        catch (Exception error)
        {
            return ValueTask.FromException<SendReceipt>(error);
        }
        return process.Sends.Send(Name, member.Slot, typeId, order, payload, fromHandler || process.Scope.Value is not null, ct);
    }

    public ValueTask SendToAsync<T>(MemberId member, T message, CancellationToken ct = default) => throw new NotSupportedException(
        "the kit has no messages to one member: what only one replica handles is no part of the replicated state; test it with GroupCommNode");

    public IAsyncEnumerable<Reply<TReply>> QueryAsync<TQuery, TReply>(TQuery query, QueryTarget target, CancellationToken ct = default) => throw new NotSupportedException(
        "the kit has no queries: they do not change the replicated state; test them with GroupCommNode");

    public ValueTask BarrierAsync(CancellationToken ct = default)
    {
        process.CheckThread();
        if (process.Scope.Value == member)
            throw new InvalidOperationException("a barrier inside a handler of the same member would wait for this very handler to end; await it outside of it");
        try
        {
            member.CheckActive();
        }
        catch (Exception error)
        {
            return ValueTask.FromException(error);
        }
        return new ValueTask(process.ReadAsync(member, ct));
    }

    public IAsyncEnumerable<GroupEvent> ReadEventsAsync(CancellationToken ct = default)
    {
        if (member.Events is null)
            throw new InvalidOperationException("events are off: call UseEvents() where the group is joined");
        if (_reading)
            throw new InvalidOperationException("the events of this member have a reader already; there is one reader per member");
        _reading = true;
        return member.Events.Reader.ReadAllAsync(ct);
    }

    public Task LeaveAsync(CancellationToken ct = default)
    {
        process.CheckThread();
        return process.Scope.Value == member
            ? throw new InvalidOperationException("a member cannot leave inside its own handler, for leaving ends after it; leave outside of it")
            : member.LeaveAsync(ct);
    }

    public async ValueTask DisposeAsync() => await LeaveAsync();
}
