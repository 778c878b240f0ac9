using System;
using System.Collections.Generic;
using GroupComm.Core;
using GroupComm.Core.Messages;

namespace GroupComm.Wire.Tests;

/// <summary>Lays segments one after the other, with a gap in front so that offsets matter.</summary>
internal sealed class BundleMaker(ViewKey view, int sender, long first, long[] stamp, int gap = 3)
{
    private readonly List<byte> _body = [];
    private readonly List<Segment> _segments = [];
    private int _count;

    public BundleMaker Add(Segment like, params byte[][] payloads)
    {
        int start = _body.Count;
        foreach (byte[] payload in payloads)
        {
            uint length = (uint)payload.Length;
            for (; length >= 0x80; length >>= 7)
                _body.Add((byte)(length | 0x80));
            _body.Add((byte)length);
            _body.AddRange(payload);
        }
        like.First = first + _count;
        like.Count = Math.Max(1, payloads.Length);
        like.Offset = gap + start;
        like.Length = _body.Count - start;
        _segments.Add(like);
        _count += like.Count;
        return this;
    }

    public Bundle Build()
    {
        Block? block = null;
        if (_body.Count > 0)
        {
            block = new HeapBlocks().Rent(gap + _body.Count + 5);
            _body.CopyTo(block.Buffer, gap);
        }
        Segment[] segments = [.. _segments, default];
        return new Bundle(view, sender, first, _count, stamp, segments, _segments.Count, block, block is null ? 0 : gap, _body.Count);
    }
}
