using System;
using System.Collections.Generic;
using System.Linq;
using GroupComm.Core.Messages;
using GroupComm.Wire;

namespace GroupComm.Fuzz.Tests.Decoders;

/// <summary>
/// What shows that the search searches: no weakness of ours, but a frame that it must build from nothing, without a word of the format, guided by the
/// branches of the decoder alone. A heartbeat that says whom it hears has eight fields, one of them five bytes of a kind; blind mutations do not find it.
/// </summary>
internal sealed class Canary : Decoder
{
    private readonly FrameDecoder _decoder = new(new NoBlocks(), checksum: false);

    public override string Name => "canary";

    public override IReadOnlyList<string> Assemblies => ["GroupComm.Wire"];

    public override long Bound(int length) => 1 << 20;

    public override int MaxLength => 64;

    public override IEnumerable<byte[]> Seeds() => [new byte[4]];

    public override bool Decode(ReadOnlySpan<byte> input) =>
        _decoder.Decode(input, 0, out Message? message, out _) == FrameStatus.Message && message is Heartbeat { Hears: > 0 }
            ? throw new InvalidOperationException("the canary is found") : false;

    private sealed class NoBlocks : BlockSource
    {
        public override Block Rent(int size) => throw new NotSupportedException();
    }
}
