using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO.Hashing;
using System.Numerics;
using System.Text;

namespace GroupComm.Daemon.Children;

/// <summary>What the handlers of one group view were given: how much, a hash of the sequence, a hash of the set.</summary>
internal sealed class ViewDigest(long count = 0, ulong sequence = 14695981039346656037, ulong set = 0)
{
    public long Count { get; private set; } = count;

    public ulong Sequence { get; private set; } = sequence;

    public ulong Set { get; private set; } = set;

    public void Add(ulong item)
    {
        Count++;
        Sequence = (BitOperations.RotateLeft(Sequence, 5) ^ item) * 0x9E3779B97F4A7C15;
        Set += item * (item | 1);
    }
}

/// <summary>
/// Digests deliveries as the application sees them, apart from the trace that the runtime writes: two witnesses. Handlers
/// of a member run one at a time, so there is no lock.
/// </summary>
internal sealed class DeliveryDigest
{
    private readonly Dictionary<NodeId, ulong> _senders = [];
    private readonly List<(GroupViewId View, ViewDigest Digest)> _views = [];

    /// <summary>What the group's state is made of.</summary>
    public DemoState State { get; } = new();

    public IReadOnlyList<(GroupViewId View, ViewDigest Digest)> Views => _views;

    public void Begin(GroupViewId view)
    {
        _views.Add((view, new ViewDigest()));
        State.Begin(view);
    }

    public void Add(MessageContext context, ReadOnlySequence<byte> payload) => Add(context, HashOf(payload));

    public void Add(MessageContext context, string text) => Add(context, XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(text)));

    public static ulong HashOf(ReadOnlySequence<byte> payload)
    {
        if (payload.IsSingleSegment)
            return XxHash3.HashToUInt64(payload.FirstSpan);
        var hash = new XxHash3();
        foreach (ReadOnlyMemory<byte> part in payload)
            hash.Append(part.Span);
        return hash.GetCurrentHashAsUInt64();
    }

    private void Add(MessageContext context, ulong payload)
    {
        if (_views.Count == 0 || _views[^1].View != context.View.Id)
            throw new InvalidOperationException($"a message of group view {context.View.Id} came before its view was handled");
        MessageId id = context.Id;
        if (!_senders.TryGetValue(id.Sender, out ulong sender))
            _senders.Add(id.Sender, sender = XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(id.Sender.ToString())));
        ulong item = sender ^ ((ulong)id.View * 0xC2B2AE3D27D4EB4F) ^ BitOperations.RotateLeft((ulong)id.Sequence * 0x165667B19E3779F9, 23) ^ payload;
        _views[^1].Digest.Add(item);
        State.Add(id.Sender, item);
    }
}
