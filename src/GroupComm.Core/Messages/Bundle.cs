using System;

namespace GroupComm.Core.Messages;

/// <summary>
/// A run of one stream in one frame: consecutive sequences from <see cref="First"/>, one causal stamp for all
/// (docs/decisions/0003). Immutable after it is sealed; its block is counted.
/// </summary>
internal sealed class Bundle(ViewKey view, int sender, long first, int count, long[] stamp, Segment[] segments, int segmentCount, Block? block, int bodyOffset, int bodyLength)
    : Message(view)
{
    public override MessageKind Kind => MessageKind.Bundle;

    /// <summary>Rank of the stream's owner.</summary>
    public int Sender { get; } = sender;

    public long First { get; } = first;

    public int Count { get; } = count;

    public long Last => First + Count - 1;

    /// <summary>What the sender had passed of each rank's stream when it sent this; the own entry is not used.</summary>
    public ReadOnlySpan<long> Stamp => stamp;

    public Span<Segment> Segments => segments.AsSpan(0, segmentCount);

    public int SegmentCount => segmentCount;

    public ref readonly Segment this[int index] => ref segments[index];

    public Block? Block { get; } = block;

    /// <summary>The part of the block that belongs to this bundle (segment offsets are absolute in the block).</summary>
    public int BodyOffset { get; } = bodyOffset;

    public int BodyLength { get; } = bodyLength;

    public ReadOnlySpan<byte> Body => Block is null ? default : Block.Buffer.AsSpan(BodyOffset, BodyLength);

    public override void Retain() => Block?.Retain();

    public override void Release() => Block?.Release();

    public override string ToString() => $"bundle {Sender}:{First}-{Last}";
}
