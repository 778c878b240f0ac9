using System;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Testing.Kit;

/// <summary>Where the message under way stands.</summary>
internal sealed class KitContext(KitMember member, KitMessage message) : MessageContext
{
    private bool _over;

    private KitMessage Message => _over ? throw new InvalidOperationException("the context is valid during the handler's call only") : message;

    public override MessageId Id => Message.Id;

    public override NodeId SenderNode => Message.Id.Sender;

    public override MemberId? Sender => Message.Sender;

    public override DeliveryOrder Order => Message.Order;

    public override GroupView View => Message.View.View;

    public override long Position => Message.Position;

    public override IGroup Group => member.Group;

    public override ValueTask<SendReceipt> SendAsync<T>(T message, DeliveryOrder order, CancellationToken ct = default) =>
        member.Group.Send(message, order, fromHandler: true, ct);

    public override ValueTask<SendReceipt> SendBytesAsync(ReadOnlyMemory<byte> payload, DeliveryOrder order, CancellationToken ct = default) =>
        member.Group.SendBytes(payload, order, fromHandler: true, ct);

    public void End() => _over = true;
}
