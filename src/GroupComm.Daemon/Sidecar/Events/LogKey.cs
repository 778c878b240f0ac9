using System;
using System.Globalization;

namespace GroupComm.Daemon.Sidecar.Events;

/// <summary>
/// The place of an event in what a node delivers to the members of a group; all of them have the same events at the same
/// places. Text form of the part that clients see: <c>VIEW:POSITION</c>.
/// </summary>
/// <param name="Life">The node's incarnation.</param>
/// <param name="View">The group view.</param>
/// <param name="Position">Messages of that view before it, itself included; 0 for the view itself.</param>
/// <param name="Notice">0 for a view or message, then counted from 1.</param>
internal readonly record struct LogKey(long Life, GroupViewId View, long Position, int Notice) : IComparable<LogKey>
{
    public string Id => string.Create(CultureInfo.InvariantCulture, $"{View}:{Position}");

    public int CompareTo(LogKey other)
    {
        int by = Life.CompareTo(other.Life);
        by = by != 0 ? by : View.Number.CompareTo(other.View.Number);
        by = by != 0 ? by : Position.CompareTo(other.Position);
        return by != 0 ? by : Notice.CompareTo(other.Notice);
    }

    /// <summary>Reads <c>4.2:31</c>.</summary>
    public static bool TryParseId(string? text, out GroupViewId view, out long position)
    {
        (view, position) = (default, 0);
        string[] parts = (text ?? "").Split(':', '.');
        if (parts.Length != 3 || !Number(parts[0], out long cluster) || !Number(parts[1], out long number) || !Number(parts[2], out position))
            return false;
        view = new GroupViewId(cluster, number);
        return true;
    }

    private static bool Number(string text, out long value) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
