using System;
using System.Collections.Generic;
using System.Linq;
using GroupComm.Core;
using GroupComm.Core.Messages;

namespace GroupComm.Testing.Simulation;

/// <summary>Frames between cores as words; null for those that are not worth a line.</summary>
internal static class FrameWords
{
    public static string Of(DeliveryOrder order) => order.ToString().ToLowerInvariant();

    /// <param name="members">By rank of the frame's view.</param>
    /// <param name="message">The frame.</param>
    public static string? Of(IReadOnlyList<NodeInfo>? members, Message message) => message switch
    {
        Heartbeat or Seek or Known or ProbeReply => null,
        Bundle bundle => $"sends {PayloadWords.Of(bundle)} again",
        Orders orders => $"numbers {Numbers(members, orders)}",
        Ack ack => $"acknowledges numbers up to {ack.Ordered}",
        Resume { Stream: 0, Orders: 0 } => "asks for acknowledgements",
        Resume { Stream: 1, Orders: <= 1 } => null, // a new link, nothing sent yet
        Resume resume => $"has a gap: asks for the stream from {resume.Stream}, orders from {resume.Orders}",
        Wedge wedge => $"asks to wedge view {wedge.View.Id} under ballot {wedge.Ballot}",
        Wedged wedged => $"answers ballot {wedged.Ballot}{(wedged.Accepted is { } value ? $", has accepted {Of(value)} under {wedged.AcceptedBallot}" : "")}",
        Refused refused => $"refuses ballot {refused.Ballot}, has promised {refused.Promise}",
        Pull pull => $"asks for bodies {Range(members, pull)}",
        Bodies bodies => $"gives bodies {Of(bodies.Bundles)}",
        Propose propose => $"proposes {Of(propose.Value)} under ballot {propose.Ballot}{(propose.Bundles.Count > 0 ? $" with bodies {Of(propose.Bundles)}" : "")}",
        Accepted accepted => $"accepts ballot {accepted.Ballot}",
        Decide decide => $"says that {Of(decide.Value)} is decided{(decide.Bundles.Count > 0 ? $" with bodies {Of(decide.Bundles)}" : "")}",
        Help => "asks what followed",
        Notice notice => $"is in view {notice.View.Id} and says so",
        Gone gone => $"says that {gone.Reason}",
        Leave => "asks to leave",
        JoinRefused refused => $"refuses ({refused.Reason})",
        DirectAck => null,
        Direct direct => $"sends unicasts {PayloadWords.Of(direct)}",
        Probe => "asks whether its view still stands",
        _ => throw new InvalidOperationException($"unknown message {message.Kind}"),
    };

    private static string Of(ViewValue value) => $"view {value.Next.Id} {{{string.Join(" ", value.Members.Select(static m => Narrator.Name(m.Id)))}}}";

    private static string Of(IReadOnlyList<Bundle> bundles) => string.Join(", ", bundles.Select(PayloadWords.Of));

    private static string Numbers(IReadOnlyList<NodeInfo>? members, Orders orders)
    {
        var words = new List<string>();
        long number = orders.First;
        foreach (OrderRun run in orders.Runs)
        {
            string numbers = run.Count == 1 ? $"#{number}" : $"#{number}-{number + run.Count - 1}";
            words.Add($"{numbers} {Rank(members, run.Rank)} up to {run.UpTo}");
            number += run.Count;
        }
        return string.Join(", ", words);
    }

    private static string Range(IReadOnlyList<NodeInfo>? members, Pull pull)
    {
        var words = new List<string>();
        for (int r = 0; r < pull.UpTo.Length; r++)
            if (pull.UpTo[r] > pull.After[r])
                words.Add($"{Rank(members, r)} {pull.After[r] + 1}-{pull.UpTo[r]}");
        return string.Join(", ", words);
    }

    private static string Rank(IReadOnlyList<NodeInfo>? members, int rank) => members is null ? $"rank {rank}" : Narrator.Name(members[rank].Id);
}
