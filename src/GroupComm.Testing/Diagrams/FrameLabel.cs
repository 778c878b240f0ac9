using System.Collections.Generic;
using GroupComm.Core.Messages;
using GroupComm.Testing.Simulation;

namespace GroupComm.Testing.Diagrams;

/// <summary>A frame as a word or two beside its arrow; null for what is repeated without news.</summary>
internal static class FrameLabel
{
    public static string? Of(Message message) => message switch
    {
        Bundle bundle => OfBundle(bundle),
        Wedge wedge => $"wedge {wedge.Ballot.Round}",
        Wedged { Accepted: not null } => "wedged, had accepted",
        Propose propose => $"propose view {propose.Value.Next.Id}",
        Decide decide => $"decided view {decide.Value.Next.Id}",
        Heartbeat or Ack or Resume or Seek or Known or Probe or ProbeReply or Notice => null,
        _ => message.Kind.ToString().ToLowerInvariant(),
    };

    /// <summary>The application's messages in a bundle; null when there are none.</summary>
    public static string? OfData(Bundle bundle)
    {
        var words = new List<string>();
        foreach (ref readonly Segment segment in bundle.Segments)
            if (segment.Kind == SegmentKind.Application)
                words.Add($"{PayloadWords.Of(bundle, segment)} ({FrameWords.Of(segment.Order)})");
        return words.Count == 0 ? null : string.Join(", ", words);
    }

    private static string OfBundle(Bundle bundle)
    {
        var words = new List<string>();
        foreach (ref readonly Segment segment in bundle.Segments)
            words.Add(segment.Kind switch
            {
                SegmentKind.Application => PayloadWords.Of(bundle, segment),
                SegmentKind.GroupMark => "mark",
                SegmentKind.GroupChange => PayloadWords.Of(bundle, segment),
                _ => segment.Kind.ToString().ToLowerInvariant(),
            });
        return string.Join(", ", words);
    }
}
