using System;
using System.Buffers;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Core.Direct;
using GroupComm.Core.Messages;
using GroupComm.Core.Queries;
using GroupComm.Runtime.Delivery;
using GroupComm.Runtime.Exchange;
using GroupComm.Runtime.Submit;

namespace GroupComm.Runtime.Groups;

// Unicasts, queries, barrier reads (docs/protocol/queries-and-reads.md).
internal sealed partial class GroupHandle
{
    private const int LongestError = 1024;

    public ValueTask SendToAsync<T>(MemberId member, T message, CancellationToken ct = default)
    {
        try
        {
            return SendBytesToAsync(member, MessageType<T>.Id, Serialize(message), ct);
        }
        catch (Exception error)
        {
            return ValueTask.FromException(error);
        }
    }

    /// <summary>A unicast of a stated type, or of none.</summary>
    public ValueTask SendBytesToAsync(MemberId member, string? typeId, byte[] payload, CancellationToken ct)
    {
        if (ct.IsCancellationRequested)
            return ValueTask.FromCanceled(ct);
        try
        {
            GroupEntry entry = CheckMember();
            if (entry.View is not { } view || view.SlotOf(member) is not (> 0 and int slot))
                throw new InvalidOperationException($"{member} is no member of group '{Name}' now: View.Members names those who are");
            if (payload.Length > Math.Min(DirectLimits.MaxPayload, _host.MaxMessageSize))
                throw new MessageTooLargeException(payload.Length, Math.Min(DirectLimits.MaxPayload, _host.MaxMessageSize), "a message to one member goes out in one piece; split it");
            DirectItem item = new(DirectKind.Message, entry.Number, view.View.Id.Number, slot, Member.Slot, typeId, 0, 0, payload);
            UnicastRequest request = new(_host.Desk, member.Node, item, _host.IsInsideHandler);
            _host.Bring(request);
            return request.Sent.IsCompletedSuccessfully ? ValueTask.CompletedTask : request.WaitAsync(ct);
        }
        catch (Exception error)
        {
            return ValueTask.FromException(error);
        }
    }

    public IAsyncEnumerable<Reply<TReply>> QueryAsync<TQuery, TReply>(TQuery query, QueryTarget target, CancellationToken ct = default)
    {
        if (HandlerScope.Current is { IsInHandler: true } running && running.IsOn(_host) && running.Handle.Name == Name)
            throw new InvalidOperationException(
                $"a query of group '{Name}' inside a handler of the same group would wait for this very handler to end; ask outside of it");
        DeliveryOrder order = MessageType<TQuery>.Order != 0 ? MessageType<TQuery>.Order : _defaultOrder;
        return ReadAnswersAsync<TReply>(NewQuery(MessageType<TQuery>.Id, Serialize(query), order, target.Count), ct);
    }

    /// <summary>A query of a stated type: each answer, then the end.</summary>
    public async IAsyncEnumerable<QueryAnswer> QueryBytesAsync(
        string typeId, byte[] payload, DeliveryOrder order, QueryTarget target, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (QueryAnswer answer in AskAsync(NewQuery(typeId, payload, order, target.Count), ct).ConfigureAwait(false))
            yield return answer;
    }

    private QueryRequest NewQuery(string typeId, byte[] payload, DeliveryOrder order, int wanted) =>
        new(_host.Desk, Member, Check(payload.Length, order).Number, typeId, order, payload, wanted);

    public ValueTask BarrierAsync(CancellationToken ct = default)
    {
        try
        {
            if (HandlerScope.Current == Member && Member.IsInHandler)
                throw new InvalidOperationException(
                    "a barrier inside a handler of the same member would wait for this very handler to end; await it outside of it");
            ct.ThrowIfCancellationRequested();
            CheckMember();
            ReadRequest request = new(_host.Desk, Member);
            _host.Bring(request);
            return new ValueTask(ct.CanBeCanceled ? request.Done.WaitAsync(ct) : request.Done);
        }
        catch (Exception error)
        {
            return ValueTask.FromException(error);
        }
    }

    /// <summary>Answers a query of another member, or of this one. Never waits: answers are no more than queries, and those wait.</summary>
    public void Answer(QueryOrigin to, DirectKind kind, ReadOnlyMemory<byte> payload)
    {
        if (payload.Length > DirectLimits.MaxPayload)
            (kind, payload) = (DirectKind.ReplyError, Encoding.UTF8.GetBytes($"the reply has {payload.Length} bytes, the maximum is {DirectLimits.MaxPayload}"));
        if (Entry is { View: { } view } entry)
            _host.Bring(new UnicastRequest(
                _host.Desk, to.Node,
                new DirectItem(kind, entry.Number, view.View.Id.Number, to.Slot, Member.Slot, null, to.Query.View, to.Query.Sequence, payload), fromHandler: true));
    }

    public void AnswerError(QueryOrigin to, Exception error)
    {
        _host.QueryFailed(Member, error);
        string text = $"{error.GetType().Name}: {error.Message}";
        Answer(to, DirectKind.ReplyError, Encoding.UTF8.GetBytes(text.Length <= LongestError ? text : text[..LongestError]));
    }

    private async IAsyncEnumerable<Reply<TReply>> ReadAnswersAsync<TReply>(QueryRequest request, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (QueryAnswer answer in AskAsync(request, ct).ConfigureAwait(false))
            yield return ReplyOf<TReply>(answer);
    }

    private async IAsyncEnumerable<QueryAnswer> AskAsync(QueryRequest request, [EnumeratorCancellation] CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (!request.Begin())
            throw new InvalidOperationException("a query is asked once, when it is enumerated; call QueryAsync again to ask again");
        _host.Bring(request);
        try
        {
            await foreach (QueryAnswer answer in request.Answers.ReadAllAsync(ct).ConfigureAwait(false))
                yield return answer;
        }
        finally
        {
            if (!request.Answers.Completion.IsCompleted)
                _host.Cancel(request);
        }
    }

    private Reply<TReply> ReplyOf<TReply>(QueryAnswer answer)
    {
        MemberId member = new(answer.Member.Node, answer.Member.Name);
        if (answer.Item is not { } item)
            return new Reply<TReply>(member, default, Departed: true);
        if (item.Kind == DirectKind.ReplyError)
            return new Reply<TReply>(member, default, Error: Encoding.UTF8.GetString(item.Payload.Span));
        try
        {
            return new Reply<TReply>(member, _serializer.Deserialize<TReply>(new ReadOnlySequence<byte>(item.Payload)));
        }
        catch (Exception error)
        {
            return new Reply<TReply>(member, default, Error: $"the reply is not readable as {typeof(TReply)}: {error.Message}");
        }
    }

    private byte[] Serialize<T>(T message)
    {
        ArrayBufferWriter<byte> writer = SendBuffers.Rent();
        try
        {
            _serializer.Serialize(writer, message);
            return writer.WrittenSpan.ToArray();
        }
        finally
        {
            SendBuffers.Return(writer);
        }
    }
}
