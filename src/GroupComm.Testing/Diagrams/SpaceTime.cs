using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace GroupComm.Testing.Diagrams;

/// <summary>
/// A space-time diagram (L. Lamport, 1978) as SVG: time runs down, each process has a line, frames are arrows, views are bars
/// on the lines, faults and the violation stand out.
/// </summary>
internal static class SpaceTime
{
    private const double Left = 76;

    /// <param name="picture">What to draw.</param>
    /// <param name="from">What happened before is left out.</param>
    /// <param name="title">What it is.</param>
    /// <param name="verdict">What is wrong, or null.</param>
    public static string Draw(Picture picture, long from, string title, string? verdict)
    {
        Mark[] marks = [.. picture.Marks.Where(m => m.Time >= from)];
        Arrow[] arrows = [.. Together(picture.Arrows.Where(a => a.Sent >= from))];
        // A process that was gone before and does nothing has no line.
        int[] shown = [.. Enumerable.Range(0, picture.Processes.Count).Where(n => marks.Any(m => m.Node == n) || arrows.Any(a => a.From == n || a.To == n))];
        double lane = Math.Clamp(1180.0 / Math.Max(1, shown.Length), 190, 300);
        double X(int node) => Left + 14 + (Array.IndexOf(shown, node) * lane);
        double width = Left + 14 + (Math.Max(2, shown.Length) * lane);
        string[] head = [.. Sheet.Wrap(verdict ?? "no law is broken", (int)((width - 40) / 6.9)).Take(7)];
        TimeScale y = Scale(picture, marks, arrows, from, 124 + (head.Length * 17));
        var sheet = new Sheet(width, y.Bottom + 52);

        sheet.Text(20, 34, title, "title");
        for (int i = 0; i < head.Length; i++)
            sheet.Text(20, 58 + (i * 17), head[i], verdict is null || i > 0 ? "calm" : "bad");
        foreach (int node in shown)
            Lanes.Draw(sheet, picture, node, X(node), from, y);
        foreach (Arrow arrow in arrows)
            DrawArrow(sheet, arrow, X(arrow.From), X(arrow.To), lane, y);
        foreach (int node in shown)
            Texts(sheet, picture, [.. marks.Where(m => m.Node == node)], node, X(node), y);
        Times(sheet, marks, picture, from, y);
        Legend(sheet, y.Bottom + 34);
        return sheet.ToString();
    }

    /// <summary>Frames that travel side by side are one arrow with all their labels.</summary>
    private static IEnumerable<Arrow> Together(IEnumerable<Arrow> arrows)
    {
        foreach (var same in arrows.GroupBy(static a => (a.From, a.To, a.Sent, a.End, a.Received)))
        {
            Arrow first = same.First();
            yield return first with { Label = string.Join(", ", same.Select(static a => a.Label).Distinct()), IsData = same.Any(static a => a.IsData), Received = first.Received, End = first.End };
        }
    }

    private static TimeScale Scale(Picture picture, Mark[] marks, Arrow[] arrows, long from, double top)
    {
        var lines = new Dictionary<long, int> { [from] = 0, [picture.End] = 0 };
        foreach (Arrow arrow in arrows)
        {
            lines.TryAdd(arrow.Sent, 0);
            lines.TryAdd(arrow.End, 0);
        }
        foreach (IGrouping<long, Mark> at in marks.GroupBy(static m => m.Time))
            lines[at.Key] = at.GroupBy(static m => m.Node).Max(static each => each.Count());
        foreach ((_, long time) in picture.Guilty)
            if (time >= from)
                lines.TryAdd(time, 1);
        return new TimeScale(lines, top);
    }

    private static void DrawArrow(Sheet sheet, Arrow arrow, double x1, double x2, double lane, TimeScale y)
    {
        double y1 = y[arrow.Sent], y2 = y[arrow.End];
        string kind = arrow.IsData ? "data" : "control";
        double toward = x2 > x1 ? 1 : -1;
        (double ax, double bx) = (x1 + (6 * toward), x2 - (7 * toward));
        if (!arrow.Received)
            (bx, y2) = (ax + ((bx - ax) * 0.62), y1 + ((y2 - y1) * 0.62));
        sheet.Line(ax, y1, bx, y2, arrow.Received ? $"arrow {kind}" : $"arrow {kind} lost", arrow.Received ? kind : null);
        if (!arrow.Received)
            sheet.Cross(bx, y2, 4, "lostmark");
        // In the right part of a gap between two lines: the left part has the words of the line before.
        double share = toward > 0 ? Math.Max(0.5, 1 - (0.27 * lane / Math.Abs(bx - ax))) : Math.Min(0.5, 0.27 * lane / Math.Abs(bx - ax));
        sheet.TextAlong(ax, y1, bx, y2, share, arrow.Label, kind);
    }

    private static void Texts(Sheet sheet, Picture picture, Mark[] marks, int node, double x, TimeScale y)
    {
        foreach (IGrouping<long, Mark> at in marks.GroupBy(static m => m.Time))
        {
            double line = y[at.Key] - 3 - ((at.Count() - 1) * Sheet.LineHeight);
            foreach (Mark mark in at)
            {
                sheet.Text(x + 11, line, mark.Text, $"mark {Css(mark.Kind)}");
                line += Sheet.LineHeight;
            }
        }
        foreach ((int guilty, long time) in picture.Guilty)
            if (guilty == node && time >= (marks.Length > 0 ? marks[0].Time : 0))
                sheet.Circle(x, y[time], 10, "guilty");
    }

    private static void Times(Sheet sheet, Mark[] marks, Picture picture, long from, TimeScale y)
    {
        double last = 0;
        foreach (long time in marks.Select(static m => m.Time).Append(picture.End).Distinct().Order())
        {
            if (y[time] - last < 13)
                continue;
            last = y[time];
            sheet.Text(Left - 22, last + 4, ((time - from) / 1000.0).ToString("0.0", CultureInfo.InvariantCulture), "time");
        }
        sheet.Text(Left - 22, y[from] - 30, "ms", "time");
    }

    private static void Legend(Sheet sheet, double y)
    {
        sheet.Text(20, y, "bar: the view that the process is in; pale from wedge to the next view. Blue: data. Grey: control. Dashed with a cross: never arrived. Red ring: shows the violation.", "legend");
    }

    private static string Css(MarkKind kind) => kind switch
    {
        MarkKind.End or MarkKind.Pause or MarkKind.Fault => "fault",
        MarkKind.View => "view",
        MarkKind.Deliver => "deliver",
        MarkKind.Send => "send",
        _ => "other",
    };
}
