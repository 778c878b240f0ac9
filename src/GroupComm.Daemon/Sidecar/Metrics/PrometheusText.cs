using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace GroupComm.Daemon.Sidecar.Metrics;

/// <summary>The text format 0.0.4 of Prometheus. <c>groupcomm.delivery.latency</c> in seconds becomes <c>groupcomm_delivery_latency_seconds</c>.</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Of(IReadOnlyList<Series> all)
    {
        var text = new StringBuilder();
        foreach (IGrouping<string, Series> family in all.GroupBy(Name))
        {
            Series first = family.First();
            text.Append(CultureInfo.InvariantCulture, $"# HELP {family.Key} {first.Instrument.Description?.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\n");
            text.Append(CultureInfo.InvariantCulture, $"# TYPE {family.Key} {(first.Bounds is not null ? "histogram" : first.IsCounter ? "counter" : "gauge")}\n");
            foreach (Series series in family)
                Write(text, family.Key, series);
        }
        return text.ToString();
    }

    private static string Name(Series series)
    {
        string name = series.Instrument.Name.Replace('.', '_');
        if (series.Instrument.Unit == "s")
            name += "_seconds";
        else if (series.Instrument.Unit == "By")
            name += name.EndsWith("_bytes", StringComparison.Ordinal) ? "" : "_bytes";
        return series.IsCounter ? name + "_total" : name;
    }

    private static void Write(StringBuilder text, string name, Series series)
    {
        if (series.Bounds is not { } bounds)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}{Labels(series, null)} {series.Value}\n");
            return;
        }
        long count = 0;
        for (int i = 0; i < series.Counts.Length; i++)
        {
            count += series.Counts[i];
            string bound = i < bounds.Length ? bounds[i].ToString(CultureInfo.InvariantCulture) : "+Inf";
            text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{Labels(series, bound)} {count}\n");
        }
        text.Append(CultureInfo.InvariantCulture, $"{name}_sum{Labels(series, null)} {series.Sum}\n");
        text.Append(CultureInfo.InvariantCulture, $"{name}_count{Labels(series, null)} {count}\n");
    }

    private static string Labels(Series series, string? bound)
    {
        List<string> labels = [.. series.Tags.Select(tag => $"{tag.Key.Replace('.', '_')}=\"{Escape(Convert.ToString(tag.Value, CultureInfo.InvariantCulture) ?? "")}\"")];
        if (bound is not null)
            labels.Add($"le=\"{bound}\"");
        return labels.Count == 0 ? "" : $"{{{string.Join(',', labels)}}}";
    }

    private static string Escape(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
