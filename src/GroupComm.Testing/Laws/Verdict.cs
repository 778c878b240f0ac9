using System.Collections.Generic;
using System.Text;
using GroupComm.Testing.Traces;

namespace GroupComm.Testing.Laws;

/// <summary>
/// What the laws say about one history: a count per law and the first violations in words. Reused by its
/// <see cref="LawChecker"/>; read it before the next check.
/// </summary>
internal sealed class Verdict(IReadOnlyList<Law> laws)
{
    /// <summary>How many violations are kept in words; all are counted.</summary>
    public const int MaxKept = 32;

    private readonly int[] _counts = new int[laws.Count];
    private readonly List<Violation> _violations = [];

    /// <summary>The laws that were checked, in the order of laws.md.</summary>
    public IReadOnlyList<Law> Laws => laws;

    /// <summary>The first violations found, the laws in order.</summary>
    public IReadOnlyList<Violation> Violations => _violations;

    /// <summary>Violations of all laws.</summary>
    public int Total { get; private set; }

    /// <summary>Whether every law was kept.</summary>
    public bool Ok => Total == 0;

    /// <summary>Processes that left a trace.</summary>
    public int Processes { get; private set; }

    /// <summary>Events of all of them.</summary>
    public long Events { get; private set; }

    /// <summary>Violations of the law with that place in <see cref="Laws"/>.</summary>
    public int CountAt(int place) => _counts[place];

    /// <summary>Violations of a law by its id; 0 for a law that was not checked.</summary>
    public int Count(string law)
    {
        for (int i = 0; i < _counts.Length; i++)
            if (laws[i].Id == law)
                return _counts[i];
        return 0;
    }

    /// <summary>The first violation in words with the events that show it, or null.</summary>
    public string? Explain(History history)
    {
        if (_violations.Count == 0)
            return null;
        Violation first = _violations[0];
        var text = new StringBuilder();
        text.Append(first.Law).Append(": ").Append(first.Text);
        foreach (Law law in laws)
            if (law.Id == first.Law)
                text.Append("\n  the law: ").Append(law.Name).Append(": ").Append(law.Promise);
        if (first.Events.Count > 0)
            text.Append("\n  what shows it:");
        bool message = false;
        foreach (EventRef e in first.Events)
        {
            ProcessTrace trace = history.Processes[e.Process];
            text.Append("\n    ").Append(trace.Where(e.Event)).Append(": ").Append(EventText.Describe(history, e));
            message |= trace[e.Event].Kind is TraceKind.Send or TraceKind.Deliver or TraceKind.Ack;
        }
        if (message)
            text.Append("\n  (a message is named NODE#LIFE:VIEW:SEQUENCE, a member NODE#LIFE/NAME)");
        return text.ToString();
    }

    internal void Begin(History history)
    {
        System.Array.Clear(_counts);
        _violations.Clear();
        Total = 0;
        Processes = 0;
        foreach (ProcessTrace p in history.Processes)
            if (p.Count > 0)
                Processes++;
        Events = history.EventCount;
    }

    /// <summary>Counts a violation; <paramref name="describe"/> false says the words would not be kept.</summary>
    internal void Count(int place, out bool describe)
    {
        _counts[place]++;
        Total++;
        describe = _violations.Count < MaxKept;
    }

    internal void Keep(Violation violation) => _violations.Add(violation);
}
