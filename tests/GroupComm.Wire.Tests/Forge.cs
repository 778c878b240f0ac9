using System;
using System.Buffers;
using GroupComm.Core.Messages;
using MessagePack;

namespace GroupComm.Wire.Tests;

/// <summary>Frames written with the MessagePack library by hand: lies, later versions, other implementations.</summary>
internal static class Forge
{
    public delegate void Fields(ref MessagePackWriter writer);

    /// <summary>A frame without length prefix and checksum: so many own fields, then raw bytes behind the head.</summary>
    public static byte[] Frame(int kind, int fields, Fields body, params byte[] payload)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        writer.WriteArrayHeader(FrameHead.Fields + fields);
        writer.Write(kind);
        writer.Write(0);
        writer.Write(Samples.View.Epoch);
        writer.Write(Samples.View.Id);
        writer.WriteUInt32(Samples.Generation);
        body(ref writer);
        writer.Flush();
        buffer.Write(payload);
        return buffer.WrittenSpan.ToArray();
    }

    public static byte[] Bundle(Fields segments, int payloadLength, int count = 1, params byte[] payload) =>
        Frame((int)MessageKind.Bundle, 6, (ref MessagePackWriter w) =>
        {
            w.Write(payloadLength);
            w.Write(2);
            w.Write(41);
            w.Write(count);
            w.WriteArrayHeader(3);
            w.Write(1);
            w.Write(2);
            w.Write(3);
            segments(ref w);
        }, payload);

    /// <summary>One data segment with the fields that everybody has.</summary>
    public static Fields Segment(long count, long length, int order = 3, int kind = 0, int segments = 1) => (ref MessagePackWriter w) =>
    {
        w.WriteArrayHeader(segments);
        w.WriteArrayHeader(8);
        w.Write(kind);
        w.Write(order);
        w.Write(false);
        w.Write(count);
        w.Write(length);
        w.Write(1);
        w.Write(1);
        w.Write(0);
    };

    public static (FrameStatus Status, string? Error, long Allocated) Decode(byte[] frame, out Message? message)
    {
        var decoder = new FrameDecoder(new HeapBlocks(), checksum: false);
        long before = GC.GetAllocatedBytesForCurrentThread();
        FrameStatus status = decoder.Decode(frame, 0, out message, out string? error);
        return (status, error, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
