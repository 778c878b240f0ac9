using System;
using GroupComm.Core;
using GroupComm.Core.Messages;

namespace GroupComm.Wire;

/// <summary>
/// Reads a bundle and copies its payload area once, into a block. Refuses every bundle whose segments do not cover its
/// sequences and bytes exactly, or whose payloads do not fill their segment: nobody behind the wire checks again.
/// </summary>
internal static class BundleReader
{
    /// <summary>Smallest encoding of a segment and of a nested bundle.</summary>
    private const int LeastSegment = 6;
    private const int LeastNested = 16;

    /// <summary>The submit gate closes a bundle at 128 KiB, and every message takes a byte.</summary>
    private const int MaxSegments = 128 << 10;

    /// <summary>Reads behind the common head.</summary>
    public static Bundle? Read(ref WireReader reader, ViewKey view, Payload payload, DecodeContext context)
    {
        reader.Int32(); // the payload length was read before
        int sender = reader.Rank();
        long first = reader.Range(1, WireLimits.MaxNumber);
        int count = reader.Int32(1);
        long[] stamp = reader.Vector();
        int saved = reader.BeginList(out int segmentCount, MaxSegments, LeastSegment);
        if (reader.Failed || segmentCount == 0)
        {
            reader.Fail("a bundle without segments");
            return null;
        }
        var segments = new Segment[segmentCount];
        long next = first;
        long offset = 0;
        for (int i = 0; i < segments.Length && !reader.Failed; i++)
        {
            ref Segment segment = ref segments[i];
            ReadSegment(ref reader, ref segment, context);
            segment.First = next;
            segment.Offset = (int)Math.Min(offset, payload.Length);
            next += segment.Count;
            offset += segment.Length;
        }
        reader.End(saved);
        if (reader.Failed)
            return null;
        if (next - first != count || offset != payload.Length || next - 1 > WireLimits.MaxNumber)
        {
            reader.Fail("segments do not cover the bundle");
            return null;
        }
        Block? block = Copy(payload, context);
        if (block is not null && !PayloadsFill(block.Buffer, segments))
        {
            reader.Fail("payloads do not fill their segment");
            return null;
        }
        return new Bundle(view, sender, first, count, stamp, segments, segments.Length, block, 0, payload.Length);
    }

    public static Bundle[] ReadNested(ref WireReader reader, DecodeContext context)
    {
        int saved = reader.BeginList(out int count, int.MaxValue, LeastNested);
        Bundle[] bundles = count == 0 ? [] : new Bundle[count];
        for (int i = 0; i < bundles.Length && !reader.Failed; i++)
        {
            Bundle? bundle = ReadOne(reader.Blob(), context, out string? error);
            if (bundle is null)
                reader.Fail(error ?? "a nested bundle without content");
            else
                bundles[i] = bundle;
        }
        reader.End(saved);
        return bundles;
    }

    private static Bundle? ReadOne(ReadOnlySpan<byte> bytes, DecodeContext context, out string? error)
    {
        if (!TrySplit(bytes, bytes.Length, out FrameHead head, out int headLength, out error))
            return null;
        if (head.Kind != (int)MessageKind.Bundle)
        {
            error = "a nested frame that is no bundle";
            return null;
        }
        var reader = new WireReader(bytes[..headLength]);
        FrameHead.Read(ref reader, out int saved);
        Bundle? bundle = Read(ref reader, head.View, new Payload(bytes[headLength..]), context);
        reader.End(saved);
        if (!reader.Failed && reader.Remaining != 0)
            reader.Fail("bytes behind the head");
        error = reader.Error;
        return error is null ? bundle : null;
    }

    /// <summary>Reads a frame's common head and finds where its own head ends, from its beginning and the length of head
    /// and payload area together.</summary>
    public static bool TrySplit(ReadOnlySpan<byte> beginning, int length, out FrameHead head, out int headLength, out string? error)
    {
        var reader = new WireReader(beginning);
        head = FrameHead.Read(ref reader, out _);
        headLength = length - (head.Kind == (int)MessageKind.Bundle ? reader.Int32() : 0);
        if (headLength <= 0)
            reader.Fail("a payload length beyond the end of the frame");
        error = reader.Error;
        return error is null;
    }

    private static void ReadSegment(ref WireReader reader, ref Segment segment, DecodeContext context)
    {
        int saved = reader.Begin();
        segment.Kind = (SegmentKind)reader.Int32(0, (int)SegmentKind.StateRetry);
        segment.Order = (DeliveryOrder)reader.Int32((int)DeliveryOrder.Fifo, (int)DeliveryOrder.Safe);
        segment.Stamped = reader.Bool();
        segment.Count = reader.Int32(1);
        segment.Length = reader.Int32();
        segment.Group = reader.Int32();
        segment.GroupView = reader.Number();
        segment.Slot = reader.Int32();
        if (!reader.TakeNil() && reader.TextBytes(WireLimits.MaxTypeId) is { IsEmpty: false } typeId)
            segment.TypeId = context.TypeIds.Get(typeId);
        segment.FragmentsLeft = reader.Int32();
        segment.Control = ControlCodec.Read(ref reader, segment.Kind);
        reader.End(saved);
        bool application = segment.Kind == SegmentKind.Application;
        if (segment.FragmentsLeft != 0 && segment.Count != 1)
            reader.Fail("a segment with fragments and several messages");
        else if (application ? segment.Length < segment.Count : segment.Length != 0 || segment.Count != 1)
            reader.Fail("a segment whose length cannot hold its messages");
    }

    private static Block? Copy(Payload payload, DecodeContext context)
    {
        if (payload.Length == 0)
            return null;
        Block block = context.Rent(payload.Length);
        payload.CopyTo(block.Buffer);
        return block;
    }

    private static bool PayloadsFill(ReadOnlySpan<byte> buffer, Segment[] segments)
    {
        foreach (ref readonly Segment segment in segments.AsSpan())
            if (segment.Kind == SegmentKind.Application && !PayloadWalk.Fills(buffer.Slice(segment.Offset, segment.Length), segment.Count))
                return false;
        return true;
    }
}
