using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Text;

namespace GroupComm.Daemon.Bench.Reports;

/// <summary>One page without programs or network: what was measured where, the table, a chart, and the object of <c>--json</c> for programs.</summary>
internal static class HtmlReport
{
    private const string Style = """
        :root { color-scheme: light dark; --ink: #1c2430; --soft: #5b6675; --line: #d8dee6; --paper: #fff; --s0: #2f6fde; --s1: #9aa7b8; --s2: #2e9e6b; --s3: #c7762a; --s4: #8a5cc2; --s5: #c2455f; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e7ecf3; --soft: #9aa7b8; --line: #333c49; --paper: #14181e; --s0: #6aa0ff; --s1: #66717f; --s2: #55c792; --s3: #e09a52; --s4: #b18ae0; --s5: #e8788d; } }
        body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.5rem; margin: 0 0 .2rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; } p { color: var(--soft); margin: .2rem 0; }
        table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; } .scroll { overflow-x: auto; }
        th, td { padding: .35rem .5rem; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; } th:first-child, td:first-child { text-align: left; }
        th { color: var(--soft); font-weight: 600; } svg { width: 100%; max-width: 60rem; height: auto; } svg text { font: 12px system-ui, sans-serif; fill: var(--ink); } svg .series { fill: var(--soft); }
        .s0 { fill: var(--s0); } .s1 { fill: var(--s1); } .s2 { fill: var(--s2); } .s3 { fill: var(--s3); } .s4 { fill: var(--s4); } .s5 { fill: var(--s5); } code { font-size: .9rem; }
        """;

    public static string Write(Machine machine, BenchPlan plan, IReadOnlyList<BenchResult> results)
    {
        StringBuilder page = new();
        page.Append("<!doctype html><html lang='en'><head><meta charset='utf-8'><meta name='viewport' content='width=device-width, initial-scale=1'><title>GroupComm bench</title><style>")
            .Append(Style).Append("</style></head><body>");
        page.Append(Text($"<h1>{Title(plan)}</h1><p>{Html(machine.Processor)}, {machine.Cores} cores · {Html(machine.Runtime)} · groupcomm {Html(machine.Version)} · {Html(machine.Date)}</p>"));
        if (machine.IsBusy)
            page.Append(Text($"<p>The machine was busy when this began (load {machine.Load:0.0} per core): trust the ratios, not the figures.</p>"));
        page.Append("<h2>Chart</h2>").Append(SvgBars.Draw(Bars(plan, results))).Append("<p>Logarithmic: every equal step is an equal factor.</p>");
        page.Append("<h2>Table</h2><div class='scroll'><table>");
        string[][] rows = Columns.Table(plan, results);
        page.Append("<tr>").AppendJoin("", rows[0].Select(each => $"<th>{Html(each)}</th>")).Append("</tr>");
        foreach (string[] row in rows[1..])
            page.Append("<tr>").AppendJoin("", row.Select(each => $"<td>{Html(each)}</td>")).Append("</tr>");
        page.Append("</table></div>").AppendJoin("", Columns.Notes(plan).Select(each => $"<p class='note'>{Html(each)}</p>"));
        page.Append("<h2>Again</h2><p><code>").Append(Html(BenchLine.Of(plan))).Append("</code></p><template id='results'>");
        using StringWriter data = new();
        JsonReport.Write(data, machine, results);
        page.Append(Html(data.ToString().Trim())).Append("</template></body></html>\n");
        return page.ToString();
    }

    private static string Title(BenchPlan plan) => plan.Mode switch
    {
        BenchMode.Throughput => "Messages a second at each node",
        BenchMode.StateTransfer => Text($"State transfer of {plan.StateSize:#,0} bytes, {plan.Nodes} nodes"),
        BenchMode.Latency => "Latency with one message in flight",
        BenchMode.ConflictKeys => Text($"Handlers that compute for 100 µs, one at a time and with {plan.Keys} conflict keys"),
        BenchMode.Idle => "What nodes cost that do nothing",
        BenchMode.Empty => Text($"What a group costs in which nothing happens, {plan.Groups} groups, {plan.Nodes} nodes"),
        _ => Text($"Time to a new view, {plan.Nodes} nodes"),
    };

    private static List<Bar> Bars(BenchPlan plan, IReadOnlyList<BenchResult> results) => [.. results.SelectMany(each => plan.Mode switch
    {
        BenchMode.Throughput => (Bar[])[new Bar(Bytes(each.Size), each.Name, each.PerNodePerSecond ?? 0, Text($"{each.PerNodePerSecond:#,0} /s"))],
        BenchMode.StateTransfer when each.MbPerSecond is null => [],
        BenchMode.StateTransfer => [new Bar("MB/s", each.Name, each.MbPerSecond.Value, Text($"{each.MbPerSecond:#,0} MB/s"))],
        BenchMode.Latency => [new Bar(Bytes(each.Size), $"{each.Name}, {each.Order}", each.Latency!.P50, Text($"{each.Latency.P50:0} µs"))],
        BenchMode.ConflictKeys => [new Bar(Bytes(each.Size), each.Variant, each.PerNodePerSecond ?? 0, Text($"{each.PerNodePerSecond:#,0} /s"))],
        BenchMode.Idle =>
        [
            new Bar(Text($"{each.Nodes} nodes"), "processor", each.IdleCpuPercent ?? 0, Text($"{each.IdleCpuPercent:0.00} %")),
            new Bar(Text($"{each.Nodes} nodes"), "heartbeats", each.IdleBytesPerSecond ?? 0, Text($"{each.IdleBytesPerSecond:0} B/s")),
        ],
        BenchMode.Empty => [new Bar("a group", "managed heap", each.HeapBytesPerGroup ?? 0, Text($"{each.HeapBytesPerGroup:#,0} B")), new Bar("a group", "resident", each.ResidentBytesPerGroup ?? 0, Text($"{each.ResidentBytesPerGroup:#,0} B"))],
        _ => [new Bar("new view", each.Name, each.ViewChange!.P50, Text($"{each.ViewChange.P50:0.0} ms")), new Bar("stall", each.Name, each.Stall!.P50, Text($"{each.Stall.P50:0.0} ms"))],
    })];

    private static string Bytes(int size) => size switch
    {
        >= 1 << 20 when size % (1 << 20) == 0 => Text($"{size >> 20} MiB"),
        >= 1024 when size % 1024 == 0 => Text($"{size >> 10} KiB"),
        _ => Text($"{size} B"),
    };

    private static string Html(string text) => WebUtility.HtmlEncode(text);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
