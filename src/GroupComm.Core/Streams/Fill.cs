using System;
using System.Buffers;
using GroupComm.Core.Messages;

namespace GroupComm.Core.Streams;

/// <summary>A bundle while it is filled by the submit gate: sequences and payloads, not yet a stamp.</summary>
internal sealed class Fill(long first, Block block)
{
    private Segment[] _segments = ArrayPool<Segment>.Shared.Rent(4);
    private int _segmentCount;

    public long First { get; } = first;

    public Block Block { get; private set; } = block;

    public int Count { get; private set; }

    /// <summary>Bytes used in the block.</summary>
    public int Length { get; private set; }

    public int Free => Block.Buffer.Length - Length;

    /// <summary>Appends one payload; the caller has checked that it fits with its length in front.</summary>
    public void Append(in Segment like, ReadOnlySpan<byte> payload)
    {
        int start = Length;
        Span<byte> buffer = Block.Buffer;
        int at = start;
        uint length = (uint)payload.Length;
        while (length >= 0x80)
        {
            buffer[at++] = (byte)(length | 0x80);
            length >>= 7;
        }
        buffer[at++] = (byte)length;
        payload.CopyTo(buffer[at..]);
        Length = at + payload.Length;

        if (_segmentCount > 0 && Continues(ref _segments[_segmentCount - 1], like))
        {
            ref Segment last = ref _segments[_segmentCount - 1];
            last.Count++;
            last.Length += Length - start;
        }
        else
        {
            if (_segmentCount == _segments.Length)
                Grow();
            ref Segment added = ref _segments[_segmentCount++];
            added = like;
            added.First = First + Count;
            added.Count = 1;
            added.Offset = start;
            added.Length = Length - start;
        }
        Count++;
    }

    /// <summary>Goes on in another block, which the payloads are copied to: what few bytes hold back for long should be small.</summary>
    public void MoveTo(Block snug)
    {
        Block.Buffer.AsSpan(0, Length).CopyTo(snug.Buffer);
        Block.Release();
        Block = snug;
    }

    /// <summary>A mutant: causal messages get a place in the agreed order.</summary>
    public void OrderCausal()
    {
        foreach (ref Segment segment in _segments.AsSpan(0, _segmentCount))
            if (segment.Order == DeliveryOrder.Causal)
                segment.Order = DeliveryOrder.Agreed;
    }

    /// <summary>Gives the bundle its place and stamp. The fill must not be used afterwards.</summary>
    public Bundle Seal(ViewKey view, int sender, long[] stamp)
    {
        Segment[] exact = _segments.AsSpan(0, _segmentCount).ToArray();
        Return();
        return new Bundle(view, sender, First, Count, stamp, exact, exact.Length, Block, 0, Length);
    }

    private void Grow()
    {
        Segment[] larger = ArrayPool<Segment>.Shared.Rent(_segmentCount * 2);
        _segments.AsSpan(0, _segmentCount).CopyTo(larger);
        Return();
        _segments = larger;
    }

    // Cleared, so that no text or content is kept alive.
    private void Return()
    {
        _segments.AsSpan(0, _segmentCount).Clear();
        ArrayPool<Segment>.Shared.Return(_segments);
        _segments = [];
    }

    private static bool Continues(ref Segment last, in Segment next) =>
        last.Order == next.Order && last.Group == next.Group && last.GroupView == next.GroupView && last.Slot == next.Slot
        && last.Query == next.Query && last.FragmentsLeft == 0 && next.FragmentsLeft == 0 && !next.Stamped
        && last.TraceParent is null && next.TraceParent is null
        && (ReferenceEquals(last.TypeId, next.TypeId) || last.TypeId == next.TypeId);
}
