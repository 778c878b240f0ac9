using System;
using System.Collections.Generic;
using System.Globalization;

namespace GroupComm.Testing.Kit;

/// <summary>What happened in a schedule, in at most 30 lines: what the replicas did, what was done to the nodes, and their views.</summary>
internal sealed class KitStory
{
    /// <summary>Begins the lines of the kit.</summary>
    public const string Own = "* ";

    private const int MaxLines = 30;
    private const int MaxText = 180;
    private const int Longest = 400;

    private readonly List<(long Time, string Text)> _lines = [];

    public void Tell(long time, string text)
    {
        if (text.StartsWith(Own, StringComparison.Ordinal))
            _lines.Add((time, text[Own.Length..]));
        else if (text.StartsWith("fault:", StringComparison.Ordinal) || text.EndsWith(" starts", StringComparison.Ordinal) || text.Contains(" is excluded", StringComparison.Ordinal)
            || text.Contains("the group is lost", StringComparison.Ordinal) || text == "everything is healed")
            _lines.Add((time, text));
    }

    /// <summary>The last lines, and of those before them the faults.</summary>
    public IReadOnlyList<string> Lines()
    {
        List<(long Time, string Text)> lines = [.. _lines];
        int omitted = 0;
        bool Cut(Predicate<string> which)
        {
            for (int i = 0; lines.Count + (omitted > 0 ? 1 : 0) > MaxLines && i < lines.Count - (MaxLines / 2);)
                if (which(lines[i].Text))
                {
                    lines.RemoveAt(i);
                    omitted++;
                }
                else
                    i++;
            return lines.Count + (omitted > 0 ? 1 : 0) <= MaxLines;
        }
        _ = Cut(static text => text.Contains(" handles view ", StringComparison.Ordinal)) || Cut(static text => text.Contains(" handles ", StringComparison.Ordinal)) || Cut(static _ => true);
        var told = new List<string>(MaxLines);
        if (omitted > 0)
            told.Add(string.Create(CultureInfo.InvariantCulture, $"{omitted:N0} lines are left out, of what came before the last {MaxLines / 2}"));
        foreach ((long time, string text) in lines)
            told.Add(string.Create(CultureInfo.InvariantCulture, $"{time / 1000.0,9:0.0} ms  {(text.Length <= MaxText ? text : text[..MaxText] + "…")}"));
        return told;
    }

    public static string Short(string state) => Cut(state, 60);

    public static string State(string state) => Cut(state, Longest);

    private static string Cut(string text, int longest)
    {
        text = text.Replace('\n', ' ');
        return text.Length <= longest ? $"'{text}'" : $"'{text[..longest]}…'";
    }
}
