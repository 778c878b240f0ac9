using System;
using GroupComm.Core.Messages;

namespace GroupComm.Core.Streams;

/// <summary>Bundles of one stream in order, addressed by a number that never changes: a ring that drops at the front.</summary>
internal sealed class BundleLog
{
    private Bundle?[] _ring = new Bundle?[8];
    private int _head;

    /// <summary>Number of the first bundle that is kept.</summary>
    public long FirstIndex { get; private set; }

    public int Count { get; private set; }

    /// <summary>Payload bytes of the bundles that are kept.</summary>
    public long Bytes { get; private set; }

    public long EndIndex => FirstIndex + Count;

    public Bundle this[long index] => _ring[(_head + (int)(index - FirstIndex)) & (_ring.Length - 1)]!;

    public void Add(Bundle bundle)
    {
        if (Count == _ring.Length)
            Grow();
        _ring[(_head + Count) & (_ring.Length - 1)] = bundle;
        Count++;
        Bytes += bundle.BodyLength;
    }

    public Bundle DropFirst()
    {
        Bundle first = _ring[_head]!;
        _ring[_head] = null;
        _head = (_head + 1) & (_ring.Length - 1);
        FirstIndex++;
        Count--;
        Bytes -= first.BodyLength;
        return first;
    }

    /// <summary>Index of the first kept bundle that reaches <paramref name="sequence"/>; the end when there is none.</summary>
    public long IndexOf(long sequence)
    {
        long low = FirstIndex, high = EndIndex;
        while (low < high)
        {
            long middle = (low + high) >>> 1;
            if (this[middle].Last < sequence)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private void Grow()
    {
        var larger = new Bundle?[_ring.Length * 2];
        for (int i = 0; i < Count; i++)
            larger[i] = _ring[(_head + i) & (_ring.Length - 1)];
        _ring = larger;
        _head = 0;
    }
}
