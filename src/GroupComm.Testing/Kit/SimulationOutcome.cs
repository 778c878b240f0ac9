using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace GroupComm;

/// <summary>What went wrong, cut down.</summary>
/// <param name="Seed">The schedule that shows it: run it again with <c>Seeds = new(seed, seed)</c>.</param>
/// <param name="Rule"><c>H-1</c> … <c>H-6</c>, a rule for handlers (<c>docs/testing-your-handlers.md</c>), or the id of a law of virtual synchrony.</param>
/// <param name="Text">For people.</param>
/// <param name="Message">The message, or other step, after which it showed first; null when there is no such.</param>
/// <param name="Story">At most 30 lines: what happened in the schedule that was cut down.</param>
public sealed record SimulationFinding(ulong Seed, string Rule, string Text, string? Message, IReadOnlyList<string> Story);

/// <summary>What a run of <see cref="SimulatedCluster"/> found.</summary>
/// <param name="Schedules">Schedules that were run, cutting down not counted.</param>
/// <param name="Handled">Messages that handlers were called for.</param>
/// <param name="Compared">How often a replica's state was compared with another's.</param>
/// <param name="Restored">States that were restored at joiners.</param>
/// <param name="Faults">Faults that were injected.</param>
/// <param name="Finding">Null when all is well.</param>
public sealed record SimulationOutcome(long Schedules, long Handled, long Compared, long Restored, long Faults, SimulationFinding? Finding)
{
    /// <summary>Nothing was found.</summary>
    public bool Ok => Finding is null;

    /// <summary>The finding, its story and how to replay it; or what was run.</summary>
    public string Explain()
    {
        var text = new StringBuilder();
        CultureInfo c = CultureInfo.InvariantCulture;
        if (Finding is null)
            return string.Create(c, $"{Schedules:N0} schedules with {Faults:N0} faults: {Handled:N0} messages handled, {Restored:N0} states restored, {Compared:N0} comparisons, no difference");
        text.Append(c, $"seed {Finding.Seed} breaks {Finding.Rule}\n{Finding.Text}\n\n");
        foreach (string line in Finding.Story)
            text.Append(line).Append('\n');
        text.Append(c, $"\nreplay: Seeds = new({Finding.Seed}, {Finding.Seed})");
        return text.ToString();
    }
}
