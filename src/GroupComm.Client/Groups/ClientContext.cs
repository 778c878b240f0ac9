using System;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Client.Frames;

namespace GroupComm.Client.Groups;

/// <summary>Where a delivered message stands.</summary>
internal sealed class ClientContext(ClientGroup group, GroupView view, Delivery delivery) : MessageContext
{
    private bool _over;

    public override MessageId Id => Now.Id;

    public override NodeId SenderNode => Now.Id.Sender;

    public override MemberId? Sender => Now.From;

    public override DeliveryOrder Order => Now.Order;

    public override GroupView View => view;

    public override long Position => Now.Position;

    public override IGroup Group => group;

    private Delivery Now => !_over ? delivery : throw new InvalidOperationException("the context is valid during the handler's call only");

    public override ValueTask<SendReceipt> SendAsync<T>(T message, DeliveryOrder order, CancellationToken ct = default) =>
        group.SendAsync(message, order, inHandler: true, ct);

    public override ValueTask<SendReceipt> SendBytesAsync(ReadOnlyMemory<byte> payload, DeliveryOrder order, CancellationToken ct = default) =>
        group.SendBytesAsync(payload, null, order, inHandler: true, ct);

    public void Leave() => _over = true;
}
