using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using GroupComm.Core.Messages;
using GroupComm.Runtime.Delivery;
using GroupComm.Wire;

namespace GroupComm.Fuzz.Tests.Decoders;

/// <summary>
/// Frames of peers after the handshake. The first byte says how the bytes come: bit 0 with a checksum, which is made right, else the search
/// would end there; bits 1 to 7 in pieces of that size. Payloads are then walked as at delivery, where nobody checks any more.
/// </summary>
internal sealed class PeerFrames : Decoder
{
    private readonly Blocks _blocks = new();
    private readonly FrameDecoder _sealed, _plain;
    private readonly FrameEncoder _encoder = new(checksum: false);
    private readonly FrameChecksum _checksum = new();
    private Message? _message;

    public PeerFrames() => (_sealed, _plain) = (new FrameDecoder(_blocks, true), new FrameDecoder(_blocks, false));

    public override string Name => "peer-frames";

    public override IReadOnlyList<string> Assemblies => ["GroupComm.Wire", "GroupComm.Core"];

    public override long Bound(int length) => 2048 + (24L * length);

    public override IReadOnlyList<byte[]> Words => MessagePackWords.All;

    public override IEnumerable<byte[]> Seeds() => Directory.GetFiles(Vectors("peer"), "*.bin").Order(StringComparer.Ordinal)
        .Where(file => Path.GetFileName(file) != "handshake.bin")
        .Select(file => (byte[])[(byte)(file.Length & 1), .. File.ReadAllBytes(file)[WireLimits.Prefix..^WireLimits.Tail]]);

    public override bool Decode(ReadOnlySpan<byte> input)
    {
        _message = null;
        if (input.IsEmpty)
            return false;
        int piece = input[0] >> 1;
        bool seals = (input[0] & 1) != 0;
        ReadOnlySpan<byte> frame = seals ? Sealed(input[1..]) : input[1..];
        FrameDecoder decoder = seals ? _sealed : _plain;
        FrameStatus status = piece == 0 ? decoder.Decode(frame, 0, out _message, out string? error)
            : decoder.Decode(Pieces.Of(frame, piece), 0, out _message, out error);
        if ((status == FrameStatus.Message) != (_message is not null) || (status == FrameStatus.Malformed) != (error is not null))
            throw new InvalidOperationException($"{status} with {_message} and '{error}'");
        return _message is not null;
    }

    /// <summary>What is read could have been sent: it is written as a frame that reads as the same frame. Nothing of a refused one is kept.</summary>
    public override void Judge()
    {
        if (_message is { } message)
        {
            byte[] once = _encoder.Encode(message, 7).ToArray()[WireLimits.Prefix..];
            if (_plain.Decode(once, 0, out Message? again, out string? error) != FrameStatus.Message)
                throw new InvalidOperationException($"{message.Kind} is read, but what is written of it is not: {error}");
            if (!_encoder.Encode(again!, 7).ToArray().AsSpan(WireLimits.Prefix).SequenceEqual(once))
                throw new InvalidOperationException($"{message.Kind} changes when it is written and read");
            Walk(message);
            Walk(again!);
        }
        if (_blocks.Live != 0)
            throw new InvalidOperationException($"{_blocks.Live} blocks are kept");
    }

    private static void Walk(Message message)
    {
        IReadOnlyList<Bundle> bundles = message switch
        {
            Bundle bundle => [bundle], Bodies bodies => bodies.Bundles, Propose propose => propose.Bundles, Decide decide => decide.Bundles, _ => [],
        };
        foreach (Bundle bundle in bundles)
        {
            foreach (ref readonly Segment segment in bundle.Segments)
                if (segment.Kind == SegmentKind.Application && Varint.Skip(bundle.Block!.Buffer, segment.Offset, segment.Count) != segment.Offset + segment.Length)
                    throw new InvalidOperationException("payloads end elsewhere than their segment");
            bundle.Release();
        }
    }

    private byte[] Sealed(ReadOnlySpan<byte> content)
    {
        byte[] frame = [.. content, .. new byte[WireLimits.Tail]];
        if (BundleReader.TrySplit(content, content.Length, out FrameHead head, out _, out _))
            BinaryPrimitives.WriteUInt64LittleEndian(frame.AsSpan(content.Length), FrameChecksum.Seal(_checksum.Compute(content, head.GenerationAt, default), head.Generation));
        return frame;
    }

    private sealed class Blocks : BlockSource
    {
        public int Live { get; set; }

        public override Block Rent(int size)
        {
            Live++;
            return new Counted(this, size);
        }

        private sealed class Counted(Blocks owner, int size) : Block
        {
            private int _references = 1;

            public override byte[] Buffer { get; } = new byte[size];

            public override void Retain() => _references++;

            public override void Release() => owner.Live -= --_references == 0 ? 1 : 0;
        }
    }
}
