using System;
using System.Collections.Generic;
using System.Linq;

namespace GroupComm.Daemon.Tests.Chaos;

/// <summary>What must hold of what clients were told, however often they broke off (law VS-22).</summary>
internal static class ChaosVerdict
{
    /// <param name="clients">What each was told.</param>
    /// <param name="confirmed">Texts that were confirmed by a daemon that lives on, or as safe by any.</param>
    public static IEnumerable<string> Violations(IReadOnlyList<(string Name, IReadOnlyList<Segment> Segments)> clients, IReadOnlyCollection<string> confirmed)
    {
        foreach ((string name, IReadOnlyList<Segment> segments) in clients)
            foreach (IGrouping<string, Got> twice in segments.SelectMany(segment => segment.Messages).GroupBy(got => got.Text).Where(same => same.Count() > 1))
                yield return $"{name} was told '{twice.Key}' {twice.Count()} times";

        // One life of a daemon delivers one sequence. A client may begin and end anywhere in it, but skips nothing.
        foreach (var life in clients.SelectMany(client => client.Segments.Select(segment => (client.Name, Segment: segment))).GroupBy(each => (each.Segment.Daemon, each.Segment.Life)))
        {
            SortedDictionary<Place, string> all = [];
            foreach (Got got in life.SelectMany(each => each.Segment.Messages))
                if (!all.TryAdd(got.Place, got.Text) && all[got.Place] != got.Text)
                    yield return $"n{life.Key.Daemon + 1} has '{all[got.Place]}' and '{got.Text}' at {got.Place}";
            List<string> sequence = [.. all.Values];
            foreach ((string name, Segment segment) in life)
            {
                if (segment.Messages.Count == 0)
                    continue;
                int from = sequence.IndexOf(segment.Messages[0].Text);
                List<string> told = [.. segment.Messages.Select(got => got.Text)], expected = [.. sequence.Skip(from).Take(told.Count)];
                int differs = Enumerable.Range(0, told.Count).FirstOrDefault(i => i >= expected.Count || told[i] != expected[i], -1);
                if (differs >= 0)
                    yield return $"{name} at n{life.Key.Daemon + 1} was told '{told[differs]}' where '{(differs < expected.Count ? expected[differs] : "nothing")}' comes";
            }
        }

        // Those that were never told to forget were told everything that was promised, and all in one agreed order.
        List<string>? order = null;
        foreach ((string name, IReadOnlyList<Segment> segments) in clients.Where(client => client.Segments.Count == 1))
        {
            HashSet<string> told = [.. segments[0].Messages.Select(got => got.Text)];
            foreach (string lost in confirmed.Where(text => !told.Contains(text)))
                yield return $"{name} was not told '{lost}', which was confirmed";
            List<string> own = [.. segments[0].Messages.Where(got => got.Order is "agreed" or "safe").Select(got => got.Text)];
            order ??= own;
            int shared = Math.Min(order.Count, own.Count);
            if (!order[^shared..].SequenceEqual(own[^shared..]))
                yield return $"{name} was told agreed and safe messages in another order than the others";
        }
    }
}
