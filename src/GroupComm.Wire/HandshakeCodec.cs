using System;
using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;

namespace GroupComm.Wire;

/// <summary>
/// <c>length (4) | "GCOM" | [min, max, cluster, name, incarnation, address, feature level, generation, flags] | xxHash64 (8)</c>,
/// the same in every version and under TLS too. It is all that is parsed of a peer that has not proved who it is, so
/// it is small (security row Q3).
/// </summary>
internal static class HandshakeCodec
{
    private const int LongestFrame = WireLimits.MaxHandshake;
    private static ReadOnlySpan<byte> Magic => "GCOM"u8;

    /// <summary>The frame with its length prefix.</summary>
    public static byte[] Encode(Handshake handshake)
    {
        var writer = new WireWriter(256);
        writer.Take(WireLimits.Prefix);
        writer.Raw(Magic);
        writer.Array(9);
        writer.Int(handshake.MinVersion);
        writer.Int(handshake.MaxVersion);
        writer.Text(handshake.Cluster);
        writer.Text(handshake.Node.Name);
        writer.Int(handshake.Node.Incarnation);
        writer.Text(handshake.Address);
        writer.Int(handshake.FeatureLevel);
        writer.Int(handshake.Generation);
        writer.Int(handshake.Flags);
        ulong hash = XxHash64.HashToUInt64(writer.Written[WireLimits.Prefix..]);
        BinaryPrimitives.WriteUInt64LittleEndian(writer.Take(WireLimits.Tail), hash);
        BinaryPrimitives.WriteInt32LittleEndian(writer.Written, writer.Length - WireLimits.Prefix);
        return writer.Written.ToArray();
    }

    /// <summary>Decodes what follows the length prefix.</summary>
    public static bool TryDecode(in ReadOnlySequence<byte> frame, out Handshake? handshake, out string? error)
    {
        if (frame.IsSingleSegment)
            return TryDecode(frame.FirstSpan, out handshake, out error);
        handshake = null;
        error = "a handshake above 4 KiB";
        return frame.Length <= LongestFrame && TryDecode(frame.ToArray(), out handshake, out error);
    }

    public static bool TryDecode(ReadOnlySpan<byte> frame, out Handshake? handshake, out string? error)
    {
        handshake = null;
        int length = frame.Length - WireLimits.Tail;
        error = frame.Length > LongestFrame ? "a handshake above 4 KiB"
            : length <= Magic.Length ? "a handshake that is cut off"
            : !frame.StartsWith(Magic) ? "no GroupComm peer"
            : XxHash64.HashToUInt64(frame[..length]) != BinaryPrimitives.ReadUInt64LittleEndian(frame[length..]) ? "checksum mismatch"
            : null;
        if (error is not null)
            return false;
        var reader = new WireReader(frame[Magic.Length..length]);
        int saved = reader.Begin();
        int min = reader.Int32(1);
        int max = reader.Int32(1);
        string cluster = reader.Text(WireLimits.MaxName);
        NodeId node = NodeCodec.ReadIdFields(ref reader);
        string address = reader.Text(WireLimits.MaxAddress);
        int featureLevel = reader.Int32();
        long generation = reader.Range(0, uint.MaxValue);
        int flags = reader.Int32();
        reader.End(saved);
        if (!reader.Failed && reader.Remaining != 0)
            reader.Fail("bytes behind the last field");
        else if (max < min || cluster.Length == 0)
            reader.Fail("a handshake without a version or a cluster");
        error = reader.Error;
        if (error is not null)
            return false;
        handshake = new Handshake(min, max, cluster, node, address, featureLevel, (uint)generation, flags);
        return true;
    }
}
