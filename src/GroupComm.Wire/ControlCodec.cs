using System;
using GroupComm.Core.Messages;

namespace GroupComm.Wire;

/// <summary>The content of control segments; it stands in the head, not in the payload area.</summary>
internal static class ControlCodec
{
    public static void Write(WireWriter writer, in Segment segment)
    {
        switch (segment.Control)
        {
            case GroupChange change when segment.Kind == SegmentKind.GroupChange:
                writer.Array(6);
                writer.Bool(change.Join);
                writer.Text(change.Group);
                writer.Int(change.Slot);
                writer.Text(change.Member);
                GroupTableCodec.WriteTraits(writer, change.Traits);
                writer.Reason(change.Reason);
                break;
            case GroupMark mark when segment.Kind == SegmentKind.GroupMark:
                writer.Array(2);
                writer.Int(mark.Group);
                writer.Int(mark.NextView);
                break;
            default:
                throw new InvalidOperationException($"a segment of kind {segment.Kind} with {segment.Control?.GetType().Name ?? "nothing"}");
        }
    }

    public static object? Read(ref WireReader reader, SegmentKind kind)
    {
        if (!reader.BeginNullable(out int saved))
        {
            if (kind is not (SegmentKind.Application or SegmentKind.Barrier))
                reader.Fail("a control segment without content");
            return null;
        }
        object? control = null;
        if (kind == SegmentKind.GroupChange)
            control = new GroupChange(
                reader.Bool(), GroupTableCodec.ReadGroupName(ref reader), reader.Int32(), reader.Text(WireLimits.MaxName),
                GroupTableCodec.ReadTraits(ref reader), reader.Text(WireLimits.MaxReason));
        else if (kind == SegmentKind.GroupMark)
            control = new GroupMark(reader.Int32(), reader.Number());
        else
            reader.Fail("a data segment with control content");
        reader.End(saved);
        return control;
    }
}
