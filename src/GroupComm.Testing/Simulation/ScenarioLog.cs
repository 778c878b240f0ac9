using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace GroupComm.Testing.Simulation;

/// <summary>What happened in a scenario, a line each, with the milliseconds since the story began.</summary>
internal sealed class ScenarioLog
{
    private readonly List<(long At, string Text)> _lines = [];

    /// <summary>Where zero is, in microseconds of virtual time.</summary>
    public long Origin { get; set; }

    public bool Muted { get; set; }

    public void Add(long now, string text)
    {
        if (!Muted)
            _lines.Add((now - Origin, text));
    }

    /// <summary>Milliseconds of the first line that begins with <paramref name="start"/>.</summary>
    public double TimeOf(string start)
    {
        foreach ((long at, string text) in _lines)
            if (text.StartsWith(start, StringComparison.Ordinal))
                return at / 1000.0;
        throw new InvalidOperationException($"no line begins with '{start}':\n{this}");
    }

    public bool Says(string part)
    {
        foreach ((_, string text) in _lines)
            if (text.Contains(part, StringComparison.Ordinal))
                return true;
        return false;
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach ((long at, string line) in _lines)
            text.Append(CultureInfo.InvariantCulture, $"{at / 1000,5}  {line}\n");
        return text.ToString();
    }
}
