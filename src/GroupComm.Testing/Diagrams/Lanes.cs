using System.Linq;

namespace GroupComm.Testing.Diagrams;

/// <summary>The line of one process: dashed while it is down or stands still, with its views as bars.</summary>
internal static class Lanes
{
    private static readonly string[] Colours = ["v0", "v1", "v2", "v3", "v4", "v5"];

    public static void Draw(Sheet sheet, Picture picture, int node, double x, long from, TimeScale y)
    {
        sheet.Text(x, y[from] - 30, picture.Processes.ElementAtOrDefault(node) ?? "", "name");
        long at = from, view = 0;
        bool up = false, still = false, wedged = false;
        foreach (Mark mark in picture.Marks.Where(m => m.Node == node))
        {
            if (mark.Time >= from)
            {
                Piece(sheet, x, y[at], y[mark.Time], up, still, view, wedged);
                at = mark.Time;
            }
            switch (mark.Kind)
            {
                case MarkKind.Start:
                    (up, still, view, wedged) = (true, false, 0, false);
                    break;
                case MarkKind.End:
                    (up, still, view, wedged) = (false, false, 0, false);
                    break;
                case MarkKind.Pause:
                    still = true;
                    break;
                case MarkKind.GoOn:
                    still = false;
                    break;
                case MarkKind.View:
                    (up, view, wedged) = (true, mark.View, false);
                    break;
                case MarkKind.Wedge:
                    wedged = true;
                    break;
                default:
                    break;
            }
        }
        Piece(sheet, x, y[at], y.Bottom, up, still, view, wedged);
        foreach (Mark mark in picture.Marks.Where(m => m.Node == node && m.Time >= from))
            Symbol(sheet, mark, x, y[mark.Time]);
    }

    private static void Piece(Sheet sheet, double x, double y1, double y2, bool up, bool still, long view, bool wedged)
    {
        if (y2 <= y1)
            return;
        if (!up)
        {
            sheet.Line(x, y1, x, y2, "down", null);
            return;
        }
        if (view > 0)
            sheet.Bar(x - 5, y1, 10, y2 - y1, $"bar {Colours[(int)(view % Colours.Length)]}{(wedged ? " wedged" : "")}");
        sheet.Line(x, y1, x, y2, still ? "still" : "life", null);
    }

    private static void Symbol(Sheet sheet, Mark mark, double x, double y)
    {
        switch (mark.Kind)
        {
            case MarkKind.End:
                sheet.Cross(x, y, 7, "faultmark");
                break;
            case MarkKind.Start:
                sheet.Circle(x, y, 4, "born");
                break;
            case MarkKind.Pause or MarkKind.Fault:
                sheet.Diamond(x, y, 6, "faultfill");
                break;
            case MarkKind.View:
                sheet.Bar(x - 9, y - 1.5, 18, 3, "install");
                break;
            case MarkKind.Deliver:
                sheet.Circle(x, y, 4, "delivered");
                break;
            case MarkKind.Send:
                sheet.Circle(x, y, 3.5, "sent");
                break;
            default:
                sheet.Circle(x, y, 2, "dot");
                break;
        }
    }
}
