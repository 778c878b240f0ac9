using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.IO.Hashing;
using GroupComm.Wire;

namespace GroupComm.Fuzz.Tests.Decoders;

/// <summary>The one frame that is read of a peer before it has proved who it is. The checksum is made right unless the last byte is 0.</summary>
internal sealed class PeerHandshakes : Decoder
{
    private static readonly Handshake s_own = new(1, 1, "shop", new NodeId("n2", 9), "10.0.0.2:7400", 3, 7, 0);

    private Handshake? _peer;

    public override string Name => "peer-handshakes";

    public override IReadOnlyList<string> Assemblies => ["GroupComm.Wire"];

    public override int MaxLength => WireLimits.MaxHandshake + 64;

    public override long Bound(int length) => 2048 + (8L * length);

    public override IReadOnlyList<byte[]> Words => [.. MessagePackWords.All, .. Texts("GCOM", "shop", "n2")];

    public override IEnumerable<byte[]> Seeds() => [File.ReadAllBytes(Path.Combine(Vectors("peer"), "handshake.bin"))[WireLimits.Prefix..]];

    public override bool Decode(ReadOnlySpan<byte> input)
    {
        byte[] frame = input.ToArray();
        if (input.Length > WireLimits.Tail && input[^1] != 0)
            BinaryPrimitives.WriteUInt64LittleEndian(frame.AsSpan(input.Length - WireLimits.Tail), XxHash64.HashToUInt64(input[..^WireLimits.Tail]));
        HandshakeResult result = HandshakeCheck.Check(s_own, frame, out _peer);
        if (result.Refusal == HandshakeRefusal.Malformed != (_peer is null) || result.Accepted != (result.Text.Length == 0))
            throw new InvalidOperationException($"{result} with {_peer}");
        return _peer is not null;
    }

    public override void Judge()
    {
        if (_peer is null)
            return;
        if (!HandshakeCodec.TryDecode(HandshakeCodec.Encode(_peer).AsSpan(WireLimits.Prefix), out Handshake? again, out string? error) || again != _peer)
            throw new InvalidOperationException($"{_peer} is read, but written and read it is {again} ({error})");
    }
}
