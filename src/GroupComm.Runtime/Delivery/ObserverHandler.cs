using System;
using System.Buffers;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Core.Messages;

namespace GroupComm.Runtime.Delivery;

/// <summary>Hands messages of any type to an observer.</summary>
internal sealed class ObserverHandler(IMemberObserver observer) : MessageHandler
{
    public override ValueTask Handle(in ReadOnlySequence<byte> payload, MessageContext context, CancellationToken ct) =>
        observer.Message(payload, context, ((DeliveryContext)context).TypeId, ct);
}

/// <summary>Has queries of any type answered by an observer.</summary>
internal sealed class QueryObserverHandler(IQueryObserver observer) : MessageHandler
{
    public override ValueTask Handle(in ReadOnlySequence<byte> payload, MessageContext context, CancellationToken ct)
    {
        DeliveryContext delivery = (DeliveryContext)context;
        return EndAsync(observer.Query(payload, context, delivery.TypeId, ct), delivery.Origin, delivery.Member, ct);
    }

    private static async ValueTask EndAsync(ValueTask<ReadOnlyMemory<byte>> reply, QueryOrigin origin, Member member, CancellationToken ct)
    {
        try
        {
            member.Handle.Answer(origin, DirectKind.Reply, await reply.ConfigureAwait(false));
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
