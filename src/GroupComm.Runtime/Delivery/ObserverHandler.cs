using System.Buffers;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Runtime.Delivery;

/// <summary>Hands messages of any type to an observer.</summary>
internal sealed class ObserverHandler(IMemberObserver observer) : MessageHandler
{
    public override ValueTask Handle(in ReadOnlySequence<byte> payload, MessageContext context, CancellationToken ct)
    {
        observer.Message(payload, context, ((DeliveryContext)context).TypeId);
        return ValueTask.CompletedTask;
    }
}
