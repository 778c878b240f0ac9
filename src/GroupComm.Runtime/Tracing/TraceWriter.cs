using System;
using System.Buffers;

namespace GroupComm.Runtime.Tracing;

/// <summary>
/// Writes the trace of one incarnation as JSON Lines (contracts.md section 4): one call, one line, in the order of the calls.
/// Sends, deliveries and receipts allocate nothing; their names come encoded as <see cref="TraceText"/>. Bytes go to
/// <paramref name="output"/>; whoever owns it writes them out once per turn, before anything of that turn leaves the node.
/// Not thread-safe: the owner of the turn calls it.
/// </summary>
/// <param name="output">Where the lines go.</param>
/// <param name="self">Who writes.</param>
internal sealed partial class TraceWriter(IBufferWriter<byte> output, NodeId self)
{
    private readonly TraceLine _line = new();
    private readonly byte[] _self = System.Text.Encoding.ASCII.GetBytes(
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $",\"node\":\"{self.Name}\",\"inc\":{self.Incarnation},\"n\":"));
    private readonly TraceText _selfText = TraceText.Of(self);
    private long _n;

    /// <summary>A message of this node got its sequence. A default <paramref name="member"/> is a send from outside the group;
    /// <paramref name="key"/> is its conflict key, default for none.</summary>
    public void Send(long t, TraceText group, TraceText member, long view, long sequence, DeliveryOrder order, GroupViewId groupView, ulong hash, TraceText key = default)
    {
        Begin("send"u8, t);
        _line.Raw(",\"group\":"u8);
        _line.Text(group);
        if (member.Utf8 is not null)
        {
            _line.Raw(",\"member\":"u8);
            _line.Text(member);
        }
        _line.Raw(",\"id\":"u8);
        _line.Id(_selfText, view, sequence);
        Order(order);
        Number(",\"view\":"u8, view);
        _line.Raw(",\"gview\":"u8);
        _line.GroupView(groupView);
        _line.Raw(",\"key\":"u8);
        _line.Text(key);
        _line.Raw(",\"hash\":"u8);
        _line.Hash(hash);
        _line.End(output);
    }

    /// <summary>A message entered the queue of a local member. <paramref name="messageView"/> is that of its id,
    /// <paramref name="view"/> the one installed here; <paramref name="number"/> is -1 when it has no agreed number.</summary>
    public void Deliver(long t, TraceText group, TraceText member, TraceText sender, long messageView, long sequence, DeliveryOrder order, long view, GroupViewId groupView, long position, long number, ulong hash)
    {
        Begin("deliver"u8, t);
        _line.Raw(",\"group\":"u8);
        _line.Text(group);
        _line.Raw(",\"member\":"u8);
        _line.Text(member);
        _line.Raw(",\"id\":"u8);
        _line.Id(sender, messageView, sequence);
        Order(order);
        Number(",\"view\":"u8, view);
        _line.Raw(",\"gview\":"u8);
        _line.GroupView(groupView);
        Number(",\"pos\":"u8, position);
        if (number >= 0)
            Number(",\"num\":"u8, number);
        _line.Raw(",\"hash\":"u8);
        _line.Hash(hash);
        _line.End(output);
    }

    /// <summary>A receipt of a message of this node reached a stage: <c>delivered</c>, <c>safe</c> or <c>durable</c>, as UTF-8.</summary>
    public void Ack(long t, long messageView, long sequence, ReadOnlySpan<byte> stage)
    {
        Begin("ack"u8, t);
        _line.Raw(",\"id\":"u8);
        _line.Id(_selfText, messageView, sequence);
        _line.Raw(",\"stage\":\""u8);
        _line.Raw(stage);
        _line.Raw("\""u8);
        _line.End(output);
    }

    private void Begin(ReadOnlySpan<byte> kind, long t)
    {
        _line.Begin();
        _line.Raw("{\"ev\":\""u8);
        _line.Raw(kind);
        _line.Raw("\""u8);
        _line.Raw(_self);
        _line.Number(++_n);
        Number(",\"t\":"u8, t);
    }

    private void Number(ReadOnlySpan<byte> name, long value)
    {
        _line.Raw(name);
        _line.Number(value);
    }

    private void Order(DeliveryOrder order)
    {
        _line.Raw(",\"order\":"u8);
        _line.Raw(order switch
        {
            DeliveryOrder.Fifo => "\"fifo\""u8,
            DeliveryOrder.Causal => "\"causal\""u8,
            DeliveryOrder.Agreed => "\"agreed\""u8,
            DeliveryOrder.Safe => "\"safe\""u8,
            _ => throw new ArgumentOutOfRangeException(nameof(order), order, "not an order"),
        });
    }
}
