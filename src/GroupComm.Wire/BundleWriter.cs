using System;
using System.Collections.Generic;
using GroupComm.Core.Messages;

namespace GroupComm.Wire;

/// <summary>
/// The head of a bundle: <c>[…, payload length, sender, first, count, stamp, segments]</c>. The payload length comes
/// first, so that a receiver knows where the head ends before it reads the rest. Sequences and offsets of segments
/// follow from their counts and lengths: segments lie one after the other in both.
/// </summary>
internal static class BundleWriter
{
    public const int Fields = 6;

    public static void WriteHead(WireWriter writer, Bundle bundle)
    {
        FrameHead.Write(writer, bundle, Fields);
        writer.Int(bundle.BodyLength);
        writer.Int(bundle.Sender);
        writer.Int(bundle.First);
        writer.Int(bundle.Count);
        writer.Vector(bundle.Stamp);
        writer.Array(bundle.SegmentCount);
        long next = bundle.First;
        int offset = bundle.BodyOffset;
        for (int i = 0; i < bundle.SegmentCount; i++)
        {
            ref readonly Segment segment = ref bundle[i];
            if (segment.First != next || (segment.Length != 0 && segment.Offset != offset))
                throw new InvalidOperationException($"{bundle}: segment {i} does not follow the one before it");
            WriteSegment(writer, segment);
            next += segment.Count;
            offset += segment.Length;
        }
        if (next != bundle.First + bundle.Count || offset != bundle.BodyOffset + bundle.BodyLength)
            throw new InvalidOperationException($"{bundle}: the segments do not cover it");
    }

    /// <summary>Bundles inside another frame: each as bytes that hold the same head and, behind it, its payload area.</summary>
    public static void WriteNested(WireWriter writer, IReadOnlyList<Bundle> bundles)
    {
        writer.Array(bundles.Count);
        foreach (Bundle bundle in bundles)
        {
            int start = writer.BeginBlob();
            WriteHead(writer, bundle);
            writer.Raw(bundle.Body);
            writer.EndBlob(start);
        }
    }

    /// <summary><c>[kind, order, stamped, count, length, group, group view, slot, type id, fragments left, control, trace parent]</c>;
    /// trailing defaults are left out.</summary>
    private static void WriteSegment(WireWriter writer, in Segment segment)
    {
        int fields = segment.TraceParent is not null ? 12 : segment.Control is not null ? 11 : segment.FragmentsLeft != 0 ? 10 : segment.TypeId is not null ? 9 : 8;
        writer.Array(fields);
        writer.Int(SegmentCodec.KindOf(segment));
        writer.Int((int)segment.Order);
        writer.Bool(segment.Stamped);
        writer.Int(segment.Count);
        writer.Int(segment.Length);
        writer.Int(segment.Group);
        writer.Int(segment.GroupView);
        writer.Int(segment.Slot);
        if (fields > 8)
            WriteText(writer, segment.TypeId);
        if (fields > 9)
            writer.Int(segment.FragmentsLeft);
        if (fields > 10)
            WriteControl(writer, segment);
        if (fields > 11)
            WriteText(writer, segment.TraceParent);
    }

    private static void WriteControl(WireWriter writer, in Segment segment)
    {
        if (segment.Control is null)
            writer.Nil();
        else
            ControlCodec.Write(writer, segment);
    }

    private static void WriteText(WireWriter writer, string? text)
    {
        if (text is null)
            writer.Nil();
        else
            writer.Text(text);
    }
}
