using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Text;

namespace GroupComm.Daemon.Bench.Reports;

/// <summary>A bar of a chart: what it stands for, its height, and what is written on it.</summary>
internal sealed record Bar(string Label, string Series, double Value, string Text);

/// <summary>Bars on a logarithmic scale, for values that are decades apart: one row each, grouped by label.</summary>
internal static class SvgBars
{
    private const int Left = 90, Width = 720, Row = 22, Gap = 14;

    public static string Draw(IReadOnlyList<Bar> bars)
    {
        if (bars.Count == 0 || bars.All(bar => bar.Value <= 0))
            return "";
        double low = Math.Pow(10, Math.Floor(Math.Log10(bars.Where(bar => bar.Value > 0).Min(bar => bar.Value)) - 0.01));
        double high = bars.Max(bar => bar.Value);
        double decades = Math.Max(0.3, Math.Log10(high / low));
        string[] series = [.. bars.Select(bar => bar.Series).Distinct()];
        int room = 20 + (7 * bars.Max(bar => bar.Text.Length + 1 + bar.Series.Length)), longest = Math.Max(120, Width - Left - room);
        StringBuilder svg = new();
        int y = 8;
        foreach (IGrouping<string, Bar> group in bars.GroupBy(bar => bar.Label))
        {
            svg.Append(Text($"<text x='{Left - 8}' y='{y + (group.Count() * Row / 2) + 4}' text-anchor='end' class='label'>{WebUtility.HtmlEncode(group.Key)}</text>"));
            foreach (Bar bar in group)
            {
                double width = bar.Value <= 0 ? 0 : Math.Max(2, Math.Log10(bar.Value / low) / decades * longest);
                svg.Append(Text($"<rect x='{Left}' y='{y}' width='{width:0.0}' height='{Row - 4}' rx='3' class='s{Array.IndexOf(series, bar.Series) % 6}'/>"));
                svg.Append(Text($"<text x='{Left + width + 6:0.0}' y='{y + 13}' class='value'>{WebUtility.HtmlEncode(bar.Text)} <tspan class='series'>{WebUtility.HtmlEncode(bar.Series)}</tspan></text>"));
                y += Row;
            }
            y += Gap;
        }
        return Text($"<svg viewBox='0 0 {Width} {y}' role='img' xmlns='http://www.w3.org/2000/svg'>{svg}</svg>");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
