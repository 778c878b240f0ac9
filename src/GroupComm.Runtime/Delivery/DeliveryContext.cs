using System;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Runtime.Delivery;

/// <summary>Where the message under way stands. One per member, moved from message to message by its pump.</summary>
internal sealed class DeliveryContext(Member member) : MessageContext
{
    private DeliveryUnit? _unit;
    private LocalGroupView _view = null!;
    private long _sequence;
    private long _position;

    /// <summary>Of a typed message; null for raw bytes.</summary>
    public string? TypeId => Unit.Segment.TypeId;

    public override MessageId Id => new(SenderNode, Unit.Streams.Key.Id, _sequence);

    public override NodeId SenderNode => Unit.Streams.Nodes[Unit.Rank];

    public override MemberId? Sender => _view.Find(SenderNode, Unit.Segment.Slot);

    public override DeliveryOrder Order => Unit.Segment.Order;

    public override GroupView View => _view.View;

    public override long Position => _position;

    public override IGroup Group => member.Handle;

    private DeliveryUnit Unit => _unit ?? throw new InvalidOperationException("the context is valid during the handler's call only");

    public override ValueTask<SendReceipt> SendAsync<T>(T message, DeliveryOrder order, CancellationToken ct = default) =>
        member.Handle.Send(message, order, fromHandler: true, ct);

    public override ValueTask<SendReceipt> SendBytesAsync(ReadOnlyMemory<byte> payload, DeliveryOrder order, CancellationToken ct = default) =>
        member.Handle.SendBytes(payload, order, fromHandler: true, ct);

    /// <summary>Whom an answer to this message goes to.</summary>
    public QueryOrigin Origin => new(SenderNode, Unit.Segment.Slot, Id);

    /// <summary>The member whose handler runs.</summary>
    public Member Member => member;

    public void Move(DeliveryUnit unit, LocalGroupView view, long sequence, long position) =>
        (_unit, _view, _sequence, _position) = (unit, view, sequence, position);

    public void Leave() => _unit = null;
}
