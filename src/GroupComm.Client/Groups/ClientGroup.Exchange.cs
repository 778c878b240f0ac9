using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Client.Frames;
using GroupComm.Client.Requests;

namespace GroupComm.Client.Groups;

// Unicasts, queries, barrier reads.
internal sealed partial class ClientGroup
{
    private const int StatusError = 1, StatusDeparted = 2;

    public ValueTask SendToAsync<T>(MemberId member, T message, CancellationToken ct = default)
    {
        try
        {
            return SendBytesToAsync(member, MessageType<T>.Checked, Serialize(message), ct);
        }
        catch (Exception error)
        {
            return ValueTask.FromException(error);
        }
    }

    /// <summary>A unicast of a stated type, or of none. Inside a handler it is done when it is on its way to the daemon, which may
    /// have requests before it that wait for that very handler.</summary>
    public async ValueTask SendBytesToAsync(MemberId member, string? type, ReadOnlyMemory<byte> payload, CancellationToken ct)
    {
        CheckMember();
        if (!View.Members.Contains(member))
            throw GatewayErrors.With("no-such-member", new InvalidOperationException($"{member} is no member of group '{Name}' now: View.Members names those who are"));
        GatewayLink.CheckSize(payload.Length, Math.Min(GatewayLimits.MaxDirect, _link.Session.MaxPayload), "a message to one member goes out in one piece; split it");
        byte[] Frame(long number) => FrameEncoder.SendTo(number, member.ToString(), type, payload.Span);
        if (!IsInHandler)
            await _link.RequestAsync(Frame, ct).ConfigureAwait(false);
        else if (!_link.TryPost(Frame))
            throw GatewayErrors.With("reserve-full", new InvalidOperationException(
                "the window of requests is full, and inside a handler it may not be waited for; send to members outside of the handler"));
    }

    public IAsyncEnumerable<Reply<TReply>> QueryAsync<TQuery, TReply>(TQuery query, QueryTarget target, CancellationToken ct = default) =>
        ReadAnswersAsync<TReply>(QueryBytesAsync(MessageType<TQuery>.Checked, Serialize(query), OrderOf<TQuery>(), target, ct));

    /// <summary>A query of a stated type: each answer, then the end.</summary>
    public IAsyncEnumerable<Answer> QueryBytesAsync(string type, ReadOnlyMemory<byte> payload, DeliveryOrder order, QueryTarget target, CancellationToken ct)
    {
        if (IsInHandler)
            throw new InvalidOperationException($"a query of group '{Name}' inside a handler of the same group would wait for this very handler to end; ask outside of it");
        CheckMember();
        GatewayLink.CheckSize(payload.Length, _link.Session.MaxPayload, "split it, or raise MaxMessageSize at every node");
        return AskAsync(number => FrameEncoder.Query(number, type, payload.Span, order, target.Count), new StrongBox<int>(), ct);
    }

    public async ValueTask BarrierAsync(CancellationToken ct = default)
    {
        if (IsInHandler)
            throw new InvalidOperationException("a barrier inside a handler of the same member would wait for this very handler to end; await it outside of it");
        CheckMember();
        await _link.RequestAsync(static number => FrameEncoder.Numbered(FrameKind.Barrier, number), ct).ConfigureAwait(false);
    }

    private async IAsyncEnumerable<Answer> AskAsync(Func<long, byte[]> frame, StrongBox<int> asked, [EnumeratorCancellation] CancellationToken ct)
    {
        if (Interlocked.Exchange(ref asked.Value, 1) == 1)
            throw new InvalidOperationException("a query is asked once, when it is enumerated; call QueryAsync again to ask again");
        (long number, PendingQuery query) = await _link.AskAsync(frame, ct).ConfigureAwait(false);
        try
        {
            await foreach (Answer answer in query.Answers.ReadAllAsync(ct).ConfigureAwait(false))
                yield return answer;
        }
        finally
        {
            _link.Forget(number);
        }
    }

    public async IAsyncEnumerable<Reply<TReply>> ReadAnswersAsync<TReply>(IAsyncEnumerable<Answer> answers, [EnumeratorCancellation] CancellationToken ct = default)
    {
        await foreach (Answer answer in answers.WithCancellation(ct).ConfigureAwait(false))
            yield return ReplyOf<TReply>(answer);
    }

    private Reply<TReply> ReplyOf<TReply>(Answer answer)
    {
        if (answer.Status == StatusDeparted)
            return new Reply<TReply>(answer.Member, default, Departed: true);
        if (answer.Status == StatusError)
            return new Reply<TReply>(answer.Member, default, Error: Encoding.UTF8.GetString(answer.Payload));
        try
        {
            return new Reply<TReply>(answer.Member, _serializer.Deserialize<TReply>(new ReadOnlySequence<byte>(answer.Payload)));
        }
        catch (Exception error)
        {
            return new Reply<TReply>(answer.Member, default, Error: $"the reply is not readable as {typeof(TReply)}: {error.Message}");
        }
    }
}
