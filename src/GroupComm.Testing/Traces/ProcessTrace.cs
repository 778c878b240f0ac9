using System;
using System.Collections.Generic;
using System.Globalization;

namespace GroupComm.Testing.Traces;

/// <summary>
/// What one incarnation did, in its own order. The recording methods are in <c>ProcessTrace.Record.cs</c>.
/// Invariant: events are only appended (a search that goes back cuts them off again).
/// </summary>
internal sealed partial class ProcessTrace(History history)
{
    private readonly List<(int First, string File)> _segments = [];
    private TraceEvent[] _events = []; // a process may only be named, thousands in one line
    private int _count;

    /// <summary>Who this is.</summary>
    public NodeId Id { get; private set; }

    /// <summary>Its number in the history.</summary>
    public int Index { get; private set; }

    /// <summary>How many events it recorded; 0 when the process is only named by others.</summary>
    public int Count => _count;

    /// <summary>The process went on when its file could take no more: what it did later is not here.</summary>
    public bool IsCutOff { get; set; }

    /// <summary>The events, oldest first.</summary>
    public ReadOnlySpan<TraceEvent> Events => _events.AsSpan(0, _count);

    /// <summary>The event with that number.</summary>
    public ref readonly TraceEvent this[int index] => ref _events[index];

    /// <summary>Where event <paramref name="index"/> stands: <c>file:line</c>, or <c>process event number</c> when it was recorded in memory.</summary>
    public string Where(int index)
    {
        string? file = null;
        foreach ((int first, string name) in _segments)
            if (first <= index)
                file = name;
        return file is null
            ? string.Create(CultureInfo.InvariantCulture, $"{Id} event {index + 1}")
            : string.Create(CultureInfo.InvariantCulture, $"{file}:{_events[index].Line}");
    }

    /// <summary>Says that the events that follow come from <paramref name="file"/>.</summary>
    public void BeginFile(string file)
    {
        if (_segments.Count == 0 || !string.Equals(_segments[^1].File, file, StringComparison.Ordinal))
            _segments.Add((_count, file));
    }

    /// <summary>Makes this the empty trace of another incarnation.</summary>
    public void Reset(NodeId id, int index)
    {
        Id = id;
        Index = index;
        _count = 0;
        IsCutOff = false;
        _segments.Clear();
    }

    /// <summary>Forgets all but the first <paramref name="count"/> events: a search went back.</summary>
    public void CutBack(int count) => _count = Math.Min(_count, count);

    /// <summary>Appends an event of <paramref name="kind"/> with nothing set and returns it to be filled in.</summary>
    public ref TraceEvent Add(TraceKind kind, long t)
    {
        if (_count == _events.Length)
            Array.Resize(ref _events, Math.Max(4, _count * 2));
        ref TraceEvent e = ref _events[_count++];
        e = default;
        e.Kind = kind;
        e.Group = -1;
        e.Member = -1;
        e.Sender = -1;
        e.Detail = -1;
        e.Number = -1;
        e.T = t;
        return ref e;
    }
}
