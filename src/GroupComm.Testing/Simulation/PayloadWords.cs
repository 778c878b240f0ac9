using System;
using System.Collections.Generic;
using System.Text;
using GroupComm.Core;
using GroupComm.Core.Messages;

namespace GroupComm.Testing.Simulation;

/// <summary>The messages of a bundle as the texts that a scenario sent.</summary>
internal static class PayloadWords
{
    /// <summary>Texts of <paramref name="count"/> messages of a segment, from sequence <paramref name="first"/>.</summary>
    public static List<string> Of(Bundle bundle, in Segment segment, long first, int count)
    {
        var texts = new List<string>();
        int at = segment.Offset;
        for (long s = segment.First; s < first + count; s++)
        {
            int length = 0, shift = 0;
            byte part;
            do
            {
                part = bundle.Block!.Buffer[at++];
                length |= (part & 0x7F) << shift;
                shift += 7;
            }
            while (part >= 0x80);
            if (s >= first)
                texts.Add(SimPayload.Text(bundle.Block!.Buffer.AsSpan(at, length)));
            at += length;
        }
        return texts;
    }

    /// <summary>Everything in a bundle: <c>x1, part of "abc…" (2 parts follow), join g</c>.</summary>
    public static string Of(Bundle bundle)
    {
        var words = new List<string>();
        foreach (ref readonly Segment segment in bundle.Segments)
            words.Add(Of(bundle, segment));
        return string.Join(", ", words);
    }

    public static string Of(Direct unicasts)
    {
        var words = new List<string>();
        foreach (DirectItem item in unicasts.Items)
            words.Add(Of(item));
        return $"{unicasts.First}: {string.Join(", ", words)}";
    }

    public static string Of(DirectItem item) => Encoding.UTF8.GetString(item.Payload.Span);

    public static string Of(Bundle bundle, in Segment segment) => segment.Kind switch
    {
        SegmentKind.GroupChange => segment.Control is GroupChange { Join: true } join ? $"join {join.Group}" : $"leave {((GroupChange)segment.Control!).Group}",
        SegmentKind.GroupMark => $"mark before view {((GroupMark)segment.Control!).NextView}",
        SegmentKind.StateDone => "has its state",
        SegmentKind.StateRetry => $"another donor than at view {((StateRetry)segment.Control!).Point}",
        SegmentKind.Application when segment.FragmentsLeft > 0 => $"part \"{Of(bundle, segment, segment.First, 1)[0]}\", {segment.FragmentsLeft} to come",
        SegmentKind.Barrier => "the no-op of a barrier read",
        SegmentKind.Application => string.Join(" ", Of(bundle, segment, segment.First, segment.Count)),
        _ => throw new InvalidOperationException($"unknown segment {segment.Kind}"),
    };
}
