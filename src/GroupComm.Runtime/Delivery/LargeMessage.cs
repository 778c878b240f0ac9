using System;
using System.Buffers;
using System.Collections.Generic;
using GroupComm.Core.Messages;

namespace GroupComm.Runtime.Delivery;

/// <summary>A message that came in fragments: its payload is one sequence over the blocks of all of them.</summary>
internal sealed class LargeMessage
{
    private readonly List<Bundle> _bundles = [];
    private Piece? _first;
    private Piece? _last;

    public bool IsEmpty => _first is null;

    public long Bytes => _last is null ? 0 : _last.RunningIndex + _last.Memory.Length;

    public ReadOnlySequence<byte> Payload =>
        _first is null ? default : new ReadOnlySequence<byte>(_first, 0, _last!, _last!.Memory.Length);

    /// <summary>Takes over the effect's reference to the bundle.</summary>
    public void Add(Bundle bundle, int offset, int length)
    {
        _bundles.Add(bundle);
        _last = new Piece(bundle.Block!.Buffer.AsMemory(offset, length), _last);
        _first ??= _last;
    }

    /// <summary>The same message with references of its own.</summary>
    public LargeMessage Share()
    {
        LargeMessage shared = new() { _first = _first, _last = _last };
        foreach (Bundle bundle in _bundles)
        {
            bundle.Retain();
            shared._bundles.Add(bundle);
        }
        return shared;
    }

    public void Release()
    {
        foreach (Bundle bundle in _bundles)
            bundle.Release();
        _bundles.Clear();
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, Piece? previous)
        {
            Memory = memory;
            if (previous is null)
                return;
            RunningIndex = previous.RunningIndex + previous.Memory.Length;
            previous.Next = this;
        }
    }
}
