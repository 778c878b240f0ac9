using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using GroupComm.Transport.Links;

namespace GroupComm.Fuzz.Tests.Decoders;

/// <summary>How a stream of a peer's bytes is cut into frames: the first byte is the size of the pieces in which they come.</summary>
internal sealed class PeerStreams : Decoder
{
    private const int Limit = 4096;

    public override string Name => "peer-streams";

    public override IReadOnlyList<string> Assemblies => ["GroupComm.Transport.Tcp"];

    public override long Bound(int length) => 2048 + (2L * length); // the pieces, which are made here

    public override IReadOnlyList<byte[]> Words => [[0, 0, 0, 0], [1, 0, 0, 0], [0, 16, 0, 0], [1, 16, 0, 0], [255, 255, 255, 255], [255, 255, 255, 127]];

    public override IEnumerable<byte[]> Seeds() =>
    [
        [3, 1, 0, 0, 0, 7, 2, 0, 0, 0, 8, 9], [0, 5, 0, 0, 0, 1, 2, 3, 4, 5], [1, 0, 0, 0, 0], [9, 255, 255, 255, 255], [2, 0, 16, 0, 0, .. Enumerable.Repeat((byte)1, 100)],
    ];

    public override bool Decode(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
            return false;
        ReadOnlySequence<byte> bytes = input[0] == 0 ? new ReadOnlySequence<byte>(input[1..].ToArray()) : Pieces.Of(input[1..], input[0]);
        long taken = 0, all = bytes.Length;
        while (true)
        {
            FrameStatus status = FrameParser.TryTake(ref bytes, Limit, out ReadOnlySequence<byte> frame, out uint announced);
            if (status == FrameStatus.Complete)
                taken += FrameParser.PrefixSize + frame.Length;
            bool fits = status switch
            {
                FrameStatus.Complete => frame.Length == announced && announced is > 0 and <= Limit,
                FrameStatus.Incomplete => announced <= Limit && (bytes.Length < FrameParser.PrefixSize || bytes.Length - FrameParser.PrefixSize < announced),
                FrameStatus.Empty => announced == 0,
                _ => announced > Limit,
            };
            if (!fits || taken + bytes.Length != all)
                throw new InvalidOperationException($"{status}: {announced} announced, {frame.Length} taken, {taken} of {all} consumed");
            if (status != FrameStatus.Complete)
                return status == FrameStatus.Incomplete;
        }
    }
}
