using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using GroupComm.Core.Inspection;
using GroupComm.Daemon.CommandLine;
using GroupComm.Daemon.Sidecar.Metrics;
using GroupComm.Daemon.Sidecar.Watch;
using GroupComm.Runtime.Inspection;

namespace GroupComm.Daemon.Sidecar.Json;

/// <summary>One snapshot of everything that the live page and <c>top</c> show. Rates are per second since the last snapshot of the same reader.</summary>
/// <param name="node">Whose.</param>
/// <param name="cluster">Its name.</param>
/// <param name="history">Its views.</param>
/// <param name="recent">Its deliveries.</param>
/// <param name="metrics">Its figures.</param>
/// <param name="reports">What the nodes of the view tell those that watch; null: nobody asked for it.</param>
internal sealed class LiveJson(
    IGroupCommNode node, string cluster, ViewHistory history, DeliveryRing recent, MetricsBook metrics, Func<IReadOnlyDictionary<NodeId, Report>>? reports)
{
    private const int RecentShown = 60;
    private const int TimelineShown = 20;

    private Dictionary<string, (double Sent, double Delivered)> _counts = [];
    private Dictionary<string, long[]> _latencies = [];
    private long _at;

    public void Write(Utf8JsonWriter json, RuntimeInspection look, IReadOnlyList<KnownGroup> groups)
    {
        json.WriteString("at", ViewJson.Time(DateTime.UtcNow));
        json.WriteStartObject("view");
        ViewJson.Cluster(json, node, cluster, history);
        json.WriteEndObject();
        Members(json, look.Core);
        IReadOnlyDictionary<NodeId, Report>? told = reports?.Invoke();
        Links(json, look.Core, told);
        Timeline(json);
        ViewJson.Groups(json, groups);
        metrics.Read(series =>
        {
            Rates(json, series);
            return true;
        });
        ExplainJson explain = new(node, cluster, look);
        json.WriteStartArray("summary");
        foreach (string line in explain.Summary())
            json.WriteStringValue(line);
        json.WriteEndArray();
        explain.Facts(json);
        ViewJson.Recent(json, "recent", recent.Latest(RecentShown));
        if (told is null)
            return;
        json.WriteStartArray("peers");
        foreach (Report report in told.Values)
            json.WriteRawValue(report.Recent);
        json.WriteEndArray();
    }

    private static void Members(Utf8JsonWriter json, NodeInspection core)
    {
        json.WriteStartArray("members");
        for (int rank = 0; rank < core.Members.Count; rank++)
        {
            MemberInspection member = core.Members[rank];
            json.WriteStartObject();
            json.WriteString("name", member.Node.Id.Name);
            json.WriteNumber("incarnation", member.Node.Id.Incarnation);
            json.WriteNumber("rank", rank);
            json.WriteString("address", member.Node.Address);
            json.WriteBoolean("self", rank == core.OwnRank);
            json.WriteString("state", member.Suspicion is null ? "alive" : "suspected");
            json.WriteString("suspicion", member.Suspicion);
            json.WriteNumber("silentMs", member.Silence);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>Who says that it hears whom. Round trips are measured while somebody watches; else null.</summary>
    private static void Links(Utf8JsonWriter json, NodeInspection core, IReadOnlyDictionary<NodeId, Report>? told)
    {
        json.WriteStartArray("links");
        for (int from = 0; from < core.Members.Count; from++)
            for (int to = 0; to < core.Members.Count; to++)
            {
                if (from == to)
                    continue;
                json.WriteStartObject();
                json.WriteString("from", core.Members[from].Node.Id.Name);
                json.WriteString("to", core.Members[to].Node.Id.Name);
                json.WriteBoolean("hears", (core.Members[from].Hears >> to & 1) != 0);
                if (told is not null && told.TryGetValue(core.Members[from].Node.Id, out Report? report)
                    && report.RoundTrips.TryGetValue(core.Members[to].Node.Id.Name, out double milliseconds))
                    json.WriteNumber("rttMs", milliseconds);
                else
                    json.WriteNull("rttMs");
                json.WriteEndObject();
            }
        json.WriteEndArray();
    }

    private void Timeline(Utf8JsonWriter json)
    {
        json.WriteStartArray("timeline");
        foreach ((DateTime at, View view) in history.All.TakeLast(TimelineShown))
        {
            json.WriteStartObject();
            json.WriteNumber("id", view.Id);
            json.WriteString("at", ViewJson.Time(at));
            json.WriteStartArray("members");
            foreach (ViewMember member in view.Members)
                json.WriteStringValue(member.Id.ToString());
            json.WriteEndArray();
            json.WriteStartArray("departed");
            foreach (DepartedNode departed in view.Departed)
            {
                json.WriteStartObject();
                json.WriteString("node", departed.Id.ToString());
                json.WriteString("reason", departed.Reason);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private void Rates(Utf8JsonWriter json, IReadOnlyList<Series> series)
    {
        long now = Environment.TickCount64;
        double seconds = _at == 0 ? 0 : (now - _at) / 1000.0;
        Dictionary<string, (double Sent, double Delivered)> counts = [];
        Dictionary<string, long[]> latencies = [];
        json.WriteStartObject("orders");
        foreach (string order in Orders.Names)
        {
            (double sent, double delivered) = counts[order] = (Value(series, "groupcomm.messages.sent", order), Value(series, "groupcomm.messages.delivered", order));
            (double sentBefore, double deliveredBefore) = _counts.GetValueOrDefault(order, (sent, delivered));
            json.WriteStartObject(order);
            json.WriteNumber("sentPerSecond", Rate(sent - sentBefore, seconds));
            json.WriteNumber("deliveredPerSecond", Rate(delivered - deliveredBefore, seconds));
            Latency(json, "delivery", Find(series, "groupcomm.delivery.latency", order), order, latencies);
            Latency(json, "safe", Find(series, "groupcomm.safe.latency", order), "safe-of-" + order, latencies);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        (_counts, _latencies, _at) = (counts, latencies, now);
    }

    private void Latency(Utf8JsonWriter json, string name, Series? histogram, string key, Dictionary<string, long[]> kept)
    {
        json.WriteStartObject(name);
        if (histogram is { Bounds: { } bounds })
        {
            long[] all = kept[key] = (long[])histogram.Counts.Clone();
            long[] since = _latencies.TryGetValue(key, out long[]? before) ? [.. all.Select((count, i) => count - before[i])] : all;
            Percentile(json, "p50Ms", since, bounds, 0.5);
            Percentile(json, "p99Ms", since, bounds, 0.99);
            json.WriteNumber("measured", since.Sum());
        }
        json.WriteEndObject();
    }

    /// <summary>Inside its bucket a value stands where it would if all were spread evenly.</summary>
    private static void Percentile(Utf8JsonWriter json, string name, long[] counts, double[] bounds, double share)
    {
        double wanted = counts.Sum() * share, seen = 0;
        for (int i = 0; i < counts.Length && wanted > 0; i++)
        {
            if (seen + counts[i] < wanted)
            {
                seen += counts[i];
                continue;
            }
            double low = i == 0 ? 0 : bounds[i - 1], high = i < bounds.Length ? bounds[i] : bounds[^1];
            json.WriteNumber(name, Math.Round((low + ((high - low) * (wanted - seen) / counts[i])) * 1000, 3));
            return;
        }
        json.WriteNull(name);
    }

    private static double Rate(double count, double seconds) => seconds <= 0 ? 0 : Math.Round(Math.Max(0, count) / seconds, 1);

    private static double Value(IReadOnlyList<Series> series, string name, string order) => Find(series, name, order)?.Value ?? 0;

    private static Series? Find(IReadOnlyList<Series> series, string name, string order) =>
        series.FirstOrDefault(each => each.Instrument.Name == name && each.Tags.Any(tag => tag.Key == "groupcomm.order" && (string?)tag.Value == order));
}
