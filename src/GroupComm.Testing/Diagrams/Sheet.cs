using System;
using System.Collections.Generic;
using System.Globalization;
using System.Security;
using System.Text;

namespace GroupComm.Testing.Diagrams;

/// <summary>An SVG being written. Light by default, dark where the reader's page is; the background is its own.</summary>
internal sealed class Sheet(double width, double height)
{
    public const double LineHeight = 15;

    private readonly StringBuilder _body = new();

    public double Width => width;

    public void Line(double x1, double y1, double x2, double y2, string css, string? head) =>
        Add($"""<line x1="{x1:0.#}" y1="{y1:0.#}" x2="{x2:0.#}" y2="{y2:0.#}" class="{css}"{(head is null ? "" : $" marker-end=\"url(#{head})\"")}/>""");

    public void Bar(double x, double y, double w, double h, string css) =>
        Add($"""<rect x="{x:0.#}" y="{y:0.#}" width="{w:0.#}" height="{h:0.#}" rx="1.5" class="{css}"/>""");

    public void Circle(double x, double y, double r, string css) => Add($"""<circle cx="{x:0.#}" cy="{y:0.#}" r="{r:0.#}" class="{css}"/>""");

    public void Cross(double x, double y, double r, string css) =>
        Add($"""<path d="M{x - r:0.#} {y - r:0.#} L{x + r:0.#} {y + r:0.#} M{x - r:0.#} {y + r:0.#} L{x + r:0.#} {y - r:0.#}" class="{css}"/>""");

    public void Diamond(double x, double y, double r, string css) =>
        Add($"""<path d="M{x:0.#} {y - r:0.#} L{x + r:0.#} {y:0.#} L{x:0.#} {y + r:0.#} L{x - r:0.#} {y:0.#} Z" class="{css}"/>""");

    public void Text(double x, double y, string text, string css) =>
        Add($"""<text x="{x:0.#}" y="{y:0.#}" class="{css}">{SecurityElement.Escape(text)}</text>""");

    /// <summary>A label on a slanted line, at that share of it, level with its slope.</summary>
    public void TextAlong(double x1, double y1, double x2, double y2, double share, string text, string css)
    {
        bool right = x2 > x1;
        double angle = Math.Atan2(y2 - y1, x2 - x1) * 180 / Math.PI;
        (double x, double y) = (x1 + ((x2 - x1) * share), y1 + ((y2 - y1) * share));
        Add($"""<text transform="translate({x:0.#} {y:0.#}) rotate({(right ? angle : angle - 180):0.#})" dy="-3" class="label {css}">{SecurityElement.Escape(text)}</text>""");
    }

    public static IEnumerable<string> Wrap(string text, int width)
    {
        foreach (string paragraph in text.Split('\n'))
        {
            string rest = paragraph.Trim();
            while (rest.Length > width)
            {
                int cut = rest.LastIndexOf(' ', width);
                cut = cut <= 0 ? width : cut;
                yield return rest[..cut];
                rest = rest[cut..].Trim();
            }
            if (rest.Length > 0)
                yield return rest;
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"""
        <svg xmlns="http://www.w3.org/2000/svg" width="{width:0}" height="{height:0}" viewBox="0 0 {width:0} {height:0}">
        <style>
        {Style}
        </style>
        <defs>
        <marker id="data" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 0.8 L8 4 L0 7.2 Z" class="datahead"/></marker>
        <marker id="control" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 0.8 L8 4 L0 7.2 Z" class="controlhead"/></marker>
        </defs>
        <rect width="100%" height="100%" class="paper"/>
        {_body}</svg>

        """);

    private void Add(FormattableString line) => _body.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private const string Style = """
        svg { --paper: #ffffff; --ink: #1f2933; --soft: #66727f; --rule: #9aa5b1; --data: #1d62b8; --control: #8a95a1; --bad: #c81e1e; --v0: #b9d4f5; --v1: #bfe3c4; --v2: #f7dfa5; --v3: #dcc9f2; --v4: #f5c6b8; --v5: #b8e4e6; font-family: -apple-system, "Segoe UI", "DejaVu Sans", Arial, sans-serif; }
        @media (prefers-color-scheme: dark) { svg { --paper: #14191f; --ink: #e4e9ee; --soft: #9aa7b4; --rule: #55616d; --data: #79b2f5; --control: #76828e; --bad: #ff7b72; --v0: #29496f; --v1: #2c5a38; --v2: #6a5521; --v3: #4f3b6b; --v4: #6b4034; --v5: #245a5e; } }
        .paper { fill: var(--paper); } text { fill: var(--ink); font-size: 12px; }
        .title { font-size: 18px; font-weight: 600; } .bad { fill: var(--bad); font-size: 13px; } .calm { fill: var(--soft); font-size: 13px; }
        .name { font-size: 15px; font-weight: 600; text-anchor: middle; } .time { fill: var(--soft); font-size: 11px; text-anchor: end; } .legend { fill: var(--soft); font-size: 11px; }
        .life { stroke: var(--rule); stroke-width: 1.5; } .down { stroke: var(--rule); stroke-width: 1; stroke-dasharray: 1 5; } .still { stroke: var(--bad); stroke-width: 2; stroke-dasharray: 4 3; }
        .bar { stroke: none; } .v0 { fill: var(--v0); } .v1 { fill: var(--v1); } .v2 { fill: var(--v2); } .v3 { fill: var(--v3); } .v4 { fill: var(--v4); } .v5 { fill: var(--v5); } .wedged { opacity: 0.38; }
        .install { fill: var(--ink); } .dot { fill: var(--soft); } .born { fill: var(--paper); stroke: var(--ink); stroke-width: 1.5; } .delivered { fill: var(--data); } .sent { fill: var(--paper); stroke: var(--data); stroke-width: 2; }
        .faultmark { stroke: var(--bad); stroke-width: 3; fill: none; } .faultfill { fill: var(--bad); } .guilty { fill: none; stroke: var(--bad); stroke-width: 2.5; }
        .arrow { stroke-width: 1.1; fill: none; } .arrow.data { stroke: var(--data); stroke-width: 1.5; } .arrow.control { stroke: var(--control); } .lost { stroke-dasharray: 5 3; } .lostmark { stroke: var(--bad); stroke-width: 1.6; fill: none; }
        .datahead { fill: var(--data); } .controlhead { fill: var(--control); } .label { font-size: 10.5px; text-anchor: middle; paint-order: stroke; stroke: var(--paper); stroke-width: 3px; } .label.data { fill: var(--data); } .label.control { fill: var(--soft); }
        .mark { paint-order: stroke; stroke: var(--paper); stroke-width: 3.5px; } .mark.fault { fill: var(--bad); font-weight: 600; } .mark.view { font-weight: 600; } .mark.deliver { fill: var(--data); } .mark.send { fill: var(--data); } .mark.other { fill: var(--soft); }
        """;
}
