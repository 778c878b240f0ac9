using System.Collections.Generic;
using System.Linq;

namespace GroupComm.Testing.Diagrams;

/// <summary>What a mark on a process's line says.</summary>
internal enum MarkKind
{
    Start,
    End,
    Pause,
    GoOn,
    Fault,
    View,
    Wedge,
    Deliver,
    Send,
    Other,
}

/// <summary>Something that happened at a process. Times are microseconds.</summary>
/// <param name="Node">Place of the process.</param>
/// <param name="Time">When.</param>
/// <param name="Kind">What.</param>
/// <param name="Text">In words, without the process's name.</param>
internal sealed record Mark(int Node, long Time, MarkKind Kind, string Text)
{
    /// <summary>Of a view: its number.</summary>
    public long View { get; init; }
}

/// <summary>A frame from one process to another.</summary>
internal sealed record Arrow(int From, int To, long Sent, long Arrival, string Label, bool IsData)
{
    /// <summary>It was handed to the receiver's core.</summary>
    public bool Received { get; set; }

    /// <summary>When it was received, lost, or due.</summary>
    public long End { get; set; } = Arrival;
}

/// <summary>A run as it will be drawn.</summary>
internal sealed class Picture
{
    public List<string> Processes { get; } = [];

    public List<Mark> Marks { get; } = [];

    public List<Arrow> Arrows { get; } = [];

    /// <summary>Moments that show the violation.</summary>
    public HashSet<(int Node, long Time)> Guilty { get; } = [];

    public long End { get; set; }

    /// <summary>The same up to the n-th mark after a moment; itself when there are no more.</summary>
    public Picture Until(long from, int marks)
    {
        if (Marks.Where(m => m.Time >= from).Skip(marks).FirstOrDefault() is not { } last)
            return this;
        var part = new Picture { End = last.Time };
        part.Processes.AddRange(Processes);
        part.Marks.AddRange(Marks.Where(m => m.Time <= last.Time));
        part.Arrows.AddRange(Arrows.Where(a => a.End <= last.Time));
        part.Guilty.UnionWith(Guilty.Where(g => g.Time <= last.Time));
        return part;
    }
}
