using System;
using System.Buffers;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Core.Messages;

namespace GroupComm.Runtime.Delivery;

/// <summary>Who asked: the answer goes to that member, with the id of its query.</summary>
internal readonly record struct QueryOrigin(NodeId Node, int Slot, MessageId Query);

/// <summary>Answers a query whatever happens: a query without an answer would keep its asker waiting. A failure here is
/// the asker's to judge, and no failure of the member.</summary>
internal sealed class QueryHandler<TQuery, TReply>(Func<TQuery, MessageContext, CancellationToken, ValueTask<TReply>> handler, IMessageSerializer serializer) : MessageHandler
{
    public override ValueTask Handle(in ReadOnlySequence<byte> payload, MessageContext context, CancellationToken ct)
    {
        DeliveryContext delivery = (DeliveryContext)context;
        QueryOrigin origin = delivery.Origin;
        ValueTask<TReply> reply;
        try
        {
            reply = handler(serializer.Deserialize<TQuery>(payload), context, ct);
        }
        catch (Exception error)
        {
            delivery.Member.Handle.AnswerError(origin, error);
            return ValueTask.CompletedTask;
        }
        return EndAsync(reply, origin, delivery.Member, ct);
    }

    private async ValueTask EndAsync(ValueTask<TReply> reply, QueryOrigin origin, Member member, CancellationToken ct)
    {
        try
        {
            TReply value = await reply.ConfigureAwait(false);
            ArrayBufferWriter<byte> writer = new();
            serializer.Serialize(writer, value);
            member.Handle.Answer(origin, DirectKind.Reply, writer.WrittenMemory);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The member ended: the asker hears of its departure.
        }
        catch (Exception error)
        {
            member.Handle.AnswerError(origin, error);
        }
    }
}

/// <summary>Answers queries of a type that has no handler here.</summary>
internal sealed class NoQueryHandler : MessageHandler
{
    public static readonly NoQueryHandler Instance = new();

    public override ValueTask Handle(in ReadOnlySequence<byte> payload, MessageContext context, CancellationToken ct)
    {
        DeliveryContext delivery = (DeliveryContext)context;
        delivery.Member.Handle.Answer(delivery.Origin, DirectKind.ReplyError, Encoding.UTF8.GetBytes("no query handler is registered for this type"));
        return ValueTask.CompletedTask;
    }
}
