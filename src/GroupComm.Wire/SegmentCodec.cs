using System;
using GroupComm.Core.Messages;

namespace GroupComm.Wire;

/// <summary>The kind of a segment: on the wire queries are a kind of their own, in the core a mark on application messages.</summary>
internal static class SegmentCodec
{
    private const int Query = 5;

    public static int KindOf(in Segment segment) => segment.Query ? Query : (int)segment.Kind;

    public static void ReadKind(ref WireReader reader, ref Segment segment)
    {
        int kind = reader.Int32(0, byte.MaxValue);
        segment.Query = kind == Query;
        segment.Kind = segment.Query ? SegmentKind.Application : (SegmentKind)kind;
        if (!Enum.IsDefined(segment.Kind))
            reader.Fail("an unknown kind of segment");
    }
}
