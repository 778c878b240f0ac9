using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using GroupComm.Daemon.Gateway;
using GroupComm.Gateway.Protocol;

namespace GroupComm.Fuzz.Tests.Decoders;

/// <summary>A client's frames, with their lengths, as the gateway cuts and reads them; the first byte is the size of the pieces.</summary>
internal sealed class GatewayFrames : Decoder
{
    private const int Most = 1 << 20;

    private readonly FrameDecoder _decoder = new(Most);
    private readonly List<GatewayFrame> _frames = [];

    public override string Name => "gateway-frames";

    public override IReadOnlyList<string> Assemblies => ["groupcomm"];

    // An exception with its text and stack is most of it.
    public override long Bound(int length) => (32 << 10) + (12L * length);

    public override IReadOnlyList<byte[]> Words => [.. MessagePackWords.All, .. Texts("state", "open", "agreedOnly", "states", "slowConsumerTimeout", "startEmptyWhenStateIsLost", "n1#17/a")];

    public override IEnumerable<byte[]> Seeds()
    {
        using JsonDocument vectors = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Vectors("gateway"), "index.json")));
        return [.. vectors.RootElement.GetProperty("frames").EnumerateArray().Select(frame => (byte[])[0, .. Convert.FromHexString(frame.GetProperty("hex").GetString()!)])
            .Where(frame => frame.Length <= MaxLength)];
    }

    public override bool Decode(ReadOnlySpan<byte> input)
    {
        _frames.Clear();
        if (input.IsEmpty)
            return false;
        ReadOnlySequence<byte> bytes = input[0] == 0 ? new ReadOnlySequence<byte>(input[1..].ToArray()) : Pieces.Of(input[1..], input[0]);
        try
        {
            while (GatewayConnection.TryCut(bytes, Most + GatewayLimits.Head, out ReadOnlySequence<byte> payload))
            {
                if (_decoder.Decode(payload) is { } frame)
                    _frames.Add(frame);
                if (_frames is [.., SendTo to])
                    Member(to);
                bytes = bytes.Slice(payload.End);
            }
            return true;
        }
        catch (BadFrameException)
        {
            return false;
        }
    }

    public override void Judge()
    {
        foreach (GatewayFrame frame in _frames)
        {
            byte[] once = FrameEncoder.Encode(frame);
            GatewayFrame? again = _decoder.Decode(new ReadOnlySequence<byte>(once.AsMemory(GatewayLimits.Prefix)));
            if (again is null || !FrameEncoder.Encode(again).AsSpan().SequenceEqual(once))
                throw new InvalidOperationException($"{frame} changes when it is written and read");
        }
    }

    private static void Member(SendTo to)
    {
        try
        {
            Identities.Member(to.To);
        }
        catch (ArgumentException)
        {
            // Its own way to refuse: the request fails.
        }
    }
}
