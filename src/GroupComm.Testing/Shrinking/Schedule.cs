using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using GroupComm.Core;
using GroupComm.Testing.Simulation;

namespace GroupComm.Testing.Shrinking;

/// <summary>
/// A schedule that is explicit: every decision by its occasion, instead of a seed that they are drawn from. It can be
/// replayed, cut down, kept in a file. A line of the file is <c>KIND A B NUMBER: VALUES</c>; a value of -1 is decided calmly.
/// </summary>
internal sealed record Schedule(ulong Seed, ProtocolRules Rules, int MinNodes, int MaxNodes, IReadOnlyList<FaultKind> Only, Dictionary<Occasion, int[]> Entries)
{
    private const string Header = "groupcomm-schedule 1";

    /// <summary>Microseconds of virtual time at which it ends; null: it goes on to the end of the liveness check.</summary>
    public long? StopAt { get; init; }

    /// <summary>Faults that happen and messages that are sent.</summary>
    public int Inputs => Entries.Keys.Count(static o => o.Kind is OccasionKind.Fault or OccasionKind.Send);

    /// <summary>Nodes that meet before the first view.</summary>
    public int Founders => MinNodes + (Entries.TryGetValue(new Occasion(OccasionKind.Mix, 0, 0, 0), out int[]? mix) && mix.Length > 0 ? Math.Max(0, mix[0]) : 0);

    /// <summary>Writes down the schedule of a seed, and what it violates.</summary>
    public static Schedule Record(SimulationPlan plan, ulong seed, SimCluster cluster, out SimViolation? violation)
    {
        cluster.Tape = new Tape();
        cluster.StopAt = null;
        violation = Simulator.Play(cluster, seed, plan);
        var entries = cluster.Tape.Entries();
        cluster.Tape = null;
        return new Schedule(seed, plan.Rules, plan.MinNodes, plan.MaxNodes, plan.Faults, entries);
    }

    /// <summary>Plays it; the same schedule always gives the same bytes.</summary>
    public SimViolation? Play(SimCluster cluster)
    {
        cluster.Tape = new Tape(Entries);
        cluster.StopAt = StopAt;
        try
        {
            return Simulator.Play(cluster, Seed, new SimulationPlan(Seed, Seed) { Rules = Rules, MinNodes = MinNodes, MaxNodes = MaxNodes, Faults = Only });
        }
        finally
        {
            cluster.Tape = null;
            cluster.StopAt = null;
        }
    }

    public void Write(TextWriter to)
    {
        to.Write(string.Create(CultureInfo.InvariantCulture, $"{Header}\nseed {Seed}\nmutant {Rules.Name}\nnodes {MinNodes}..{MaxNodes}\n"));
        to.Write($"faults {(Only.Count == 0 ? "-" : string.Join(",", Only.Select(FaultNames.Of)))}\n");
        to.Write(string.Create(CultureInfo.InvariantCulture, $"stop {StopAt ?? -1}\n"));
        foreach (Occasion o in Entries.Keys.Order())
            to.Write(string.Create(CultureInfo.InvariantCulture, $"{o.Kind.ToString().ToLowerInvariant()} {o.A} {o.B} {o.Number}: {string.Join(" ", Entries[o])}\n"));
    }

    /// <exception cref="FormatException">It is no schedule; the text names the line.</exception>
    public static Schedule Read(TextReader from)
    {
        int line = 0;
        if (Next() != Header)
            throw new FormatException($"line 1: not '{Header}'");
        ulong seed = ulong.Parse(After("seed "), CultureInfo.InvariantCulture);
        string mutant = After("mutant ");
        if (!Mutants.TryFind(mutant, out ProtocolRules rules))
            throw new FormatException($"line {line}: no mutant is called '{mutant}'");
        string[] nodes = After("nodes ").Split("..");
        string faults = After("faults ");
        FaultKind[] only = faults == "-" ? [] : [.. faults.Split(',').Select(name => FaultNames.TryParse(name, out FaultKind kind) ? kind : throw new FormatException($"line {line}: no fault is called '{name}'"))];
        long stop = long.Parse(After("stop "), CultureInfo.InvariantCulture);
        var entries = new Dictionary<Occasion, int[]>();
        for (string? text = Next(); text is not null; text = Next())
            if (text.Length > 0)
            {
                (Occasion occasion, int[] values) = Entry(text, line);
                entries[occasion] = values;
            }
        return new Schedule(seed, rules, int.Parse(nodes[0], CultureInfo.InvariantCulture), int.Parse(nodes[^1], CultureInfo.InvariantCulture), only, entries) { StopAt = stop < 0 ? null : stop };

        string? Next()
        {
            line++;
            return from.ReadLine();
        }

        string After(string start) => Next() is { } text && text.StartsWith(start, StringComparison.Ordinal)
            ? text[start.Length..]
            : throw new FormatException($"line {line}: '{start.Trim()}' is missing");
    }

    private static (Occasion, int[]) Entry(string text, int line)
    {
        string[] halves = text.Split(':');
        string[] head = halves[0].Split(' ');
        if (halves.Length != 2 || head.Length != 4 || !Enum.TryParse(head[0], ignoreCase: true, out OccasionKind kind) || !Number(head[1], out int a) || !Number(head[2], out int b) || !Number(head[3], out int number))
            throw new FormatException($"line {line}: not 'KIND A B NUMBER: VALUES'");
        int[] values = [.. halves[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(v => Number(v, out int value) ? value : throw new FormatException($"line {line}: '{v}' is no number"))];
        return (new Occasion(kind, a, b, number), values);
    }

    private static bool Number(string text, out int value) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
}
