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
                writer.Array(change.Provider ? 7 : 6);
                writer.Bool(change.Join);
                writer.Text(change.Group);
                writer.Int(change.Slot);
                writer.Text(change.Member);
                GroupTableCodec.WriteTraits(writer, change.Traits);
                writer.Reason(change.Reason);
                if (change.Provider)
                    writer.Bool(true);
                break;
            case GroupMark mark when segment.Kind == SegmentKind.GroupMark:
                writer.Array(2);
                writer.Int(mark.Group);
                writer.Int(mark.NextView);
                break;
            case StateDone done when segment.Kind == SegmentKind.StateDone:
                writer.Array(2);
                writer.Int(done.Group);
                writer.Int(done.Slot);
                break;
            case StateRetry retry when segment.Kind == SegmentKind.StateRetry:
                writer.Array(3);
                writer.Int(retry.Group);
                writer.Int(retry.Slot);
                writer.Int(retry.Point);
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
                GroupTableCodec.ReadTraits(ref reader), reader.Text(WireLimits.MaxReason), reader.Bool());
        else if (kind == SegmentKind.GroupMark)
            control = new GroupMark(reader.Int32(), reader.Number());
        else if (kind == SegmentKind.StateDone)
            control = new StateDone(reader.Int32(), reader.Int32());
        else if (kind == SegmentKind.StateRetry)
            control = new StateRetry(reader.Int32(), reader.Int32(), reader.Number());
        else
            reader.Fail("a data segment with control content");
        reader.End(saved);
        return control;
    }
}
