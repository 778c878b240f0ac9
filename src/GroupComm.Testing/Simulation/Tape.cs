using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace GroupComm.Testing.Simulation;

/// <summary>What a draw is made for.</summary>
internal enum OccasionKind : byte
{
    None,

    /// <summary>What the schedule is made of: <see cref="FaultMix"/>.</summary>
    Mix,

    /// <summary>The n-th fault. Not on the tape: it does not happen.</summary>
    Fault,

    /// <summary>The time between two faults.</summary>
    Gap,

    /// <summary>A client's turn at a node.</summary>
    Client,

    /// <summary>The n-th message of a node's client. Not on the tape: it is not sent.</summary>
    Send,

    /// <summary>The n-th frame from one node to another: how long it takes, whether it is lost or doubled.</summary>
    Frame,

    /// <summary>Whether a turn ends at once.</summary>
    Turn,

    /// <summary>A node starts.</summary>
    Start,

    /// <summary>Any other event at a node.</summary>
    Event,
}

/// <summary>The n-th time that something happens between these nodes.</summary>
internal readonly record struct Occasion(OccasionKind Kind, int A, int B, int Number) : IComparable<Occasion>
{
    public int CompareTo(Occasion other) => (Kind, A, B, Number).CompareTo((other.Kind, other.A, other.B, other.Number));
}

/// <summary>
/// Every decision of a schedule, written down by its occasion and not by its place in a stream of random numbers: what is
/// taken out changes nothing else. What is not on the tape is decided calmly (the smallest number, no chance comes true),
/// and a fault or a message that is not on it does not happen.
/// </summary>
internal sealed class Tape
{
    /// <summary>In place of a value: decide this one calmly.</summary>
    public const int Calm = -1;

    private readonly Dictionary<Occasion, int[]> _entries;
    private readonly Dictionary<(OccasionKind, int, int), int> _counters = [];
    private readonly Dictionary<Occasion, List<int>> _recorded = [];
    private Occasion _now;
    private Dictionary<Occasion, int>? _at;

    /// <summary>An empty tape to record on.</summary>
    public Tape() => _entries = [];

    /// <summary>A tape to replay.</summary>
    public Tape(Dictionary<Occasion, int[]> entries) => (_entries, IsReplay, _at) = (entries, true, []);

    public bool IsReplay { get; }

    public bool IsCutOut => !_entries.ContainsKey(_now);

    public Occasion Enter(OccasionKind kind, int a, int b)
    {
        Occasion outer = _now;
        ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(_counters, (kind, a, b), out _);
        _now = new Occasion(kind, a, b, number++);
        // An occasion without draws is on the tape too, so that it can be told from one that was cut out.
        if (!IsReplay && kind is OccasionKind.Fault or OccasionKind.Send)
            _recorded.TryAdd(_now, []);
        return outer;
    }

    public void Leave(in Occasion outer) => _now = outer;

    public int Recorded(int value)
    {
        if (!_recorded.TryGetValue(_now, out List<int>? values))
            _recorded.Add(_now, values = []);
        values.Add(value);
        return value;
    }

    public int Replayed(int below, int calm)
    {
        ref int at = ref CollectionsMarshal.GetValueRefOrAddDefault(_at!, _now, out _);
        int place = at++;
        if (!_entries.TryGetValue(_now, out int[]? values) || place >= values.Length || values[place] == Calm)
            return calm;
        return values[place] % below;
    }

    /// <summary>What was recorded, or what is replayed.</summary>
    public Dictionary<Occasion, int[]> Entries()
    {
        if (IsReplay)
            return _entries;
        var entries = new Dictionary<Occasion, int[]>(_recorded.Count);
        foreach ((Occasion occasion, List<int> values) in _recorded)
            entries.Add(occasion, [.. values]);
        return entries;
    }
}
