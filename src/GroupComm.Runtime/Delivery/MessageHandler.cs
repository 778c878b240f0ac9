using System;
using System.Buffers;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Runtime.Delivery;

/// <summary>What a member does with messages of one type, or with raw bytes.</summary>
internal abstract class MessageHandler
{
    public abstract ValueTask Handle(in ReadOnlySequence<byte> payload, MessageContext context, CancellationToken ct);
}

/// <summary>Raw bytes go straight to the application.</summary>
internal sealed class BytesHandler(Func<ReadOnlySequence<byte>, MessageContext, CancellationToken, ValueTask> handler) : MessageHandler
{
    public override ValueTask Handle(in ReadOnlySequence<byte> payload, MessageContext context, CancellationToken ct) => handler(payload, context, ct);
}

/// <summary>Typed messages are read first. Bytes that cannot be read are no failure of the handler.</summary>
internal sealed class TypedHandler<T>(Func<T, MessageContext, CancellationToken, ValueTask> handler, IMessageSerializer serializer) : MessageHandler
{
    public override ValueTask Handle(in ReadOnlySequence<byte> payload, MessageContext context, CancellationToken ct)
    {
        T message;
        try
        {
            message = serializer.Deserialize<T>(payload);
        }
        catch (Exception error)
        {
            throw new UndecodableException(error);
        }
        return handler(message, context, ct);
    }
}

/// <summary>Marks bytes that are not what their type id says, between the typed handler and the pump.</summary>
internal sealed class UndecodableException(Exception inner) : Exception(inner.Message, inner);
