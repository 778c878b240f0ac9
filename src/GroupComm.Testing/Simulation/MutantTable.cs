using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using GroupComm.Core;

namespace GroupComm.Testing.Simulation;

/// <summary>Which seed kills which mutant by which law, and which kind of trouble it takes: two tables in Markdown.</summary>
/// <param name="last">Seeds 1 to this one are tried with everything.</param>
/// <param name="perClass">Schedules of each fault class.</param>
/// <param name="threads">Threads.</param>
internal sealed class MutantTable(ulong last, ulong perClass, int threads)
{
    // What a mutant breaks: a rule of docs/protocol, or the part that states it.
    private static readonly Dictionary<string, string> Rules = new(StringComparer.Ordinal)
    {
        ["send-after-wedge"] = "P3", ["cut-from-own-knowledge"] = "P5", ["no-majority"] = "P5, P7", ["bare-ballot-numbers"] = "P1", ["hole-in-order-log"] = "P5",
        ["fifo-across-group-mark"] = "groups", ["deaf-node-wedges"] = "P2", ["fragment-tail-kept"] = "P6", ["blend-accepted-value"] = "P5", ["decide-on-first-acceptance"] = "P11",
        ["quorum-of-new-view"] = "P11", ["accept-without-bodies"] = "P10", ["same-identity-after-restart"] = "identity", ["joiner-admitted-twice"] = "P8",
        ["cut-not-causally-closed"] = "P6", ["stamp-without-deliveries"] = "causal", ["ignore-causal-hold"] = "causal", ["order-log-not-taken-over"] = "P5",
        ["safe-on-own-ack"] = "safe", ["duplicate-after-reconnect"] = "streams", ["gap-after-reconnect"] = "streams", ["stable-dropped-too-early"] = "streams",
        ["group-change-without-marks"] = "groups", ["joiner-table-incomplete"] = "groups", ["tie-rule-on-both-halves"] = "P7", ["token-from-non-primary"] = "tokens",
        ["causal-through-sequencer"] = "causal", ["leaver-stops-at-once"] = "P15", ["ignore-accepted-value"] = "P5", ["joiners-not-capped"] = "P8",
    };

    /// <summary>Runs everything and writes it; answers how many mutants survived.</summary>
    public int Write(TextWriter to, Action<string>? progress = null)
    {
        var rows = new List<(ProtocolRules Mutant, SimViolation? First, SimViolation?[] ByClass)>();
        foreach (ProtocolRules mutant in Mutants.All)
        {
            progress?.Invoke(mutant.Name);
            SimViolation? first = First(mutant, [], last);
            rows.Add((mutant, first, [.. FaultClass.All.Select(each => First(mutant, each.Faults, perClass))]));
        }
        to.Write(Text(rows));
        return rows.Count(static row => row.First is null);
    }

    private SimViolation? First(ProtocolRules mutant, IReadOnlyList<FaultKind> faults, ulong to) =>
        Simulator.Run(new SimulationPlan(1, to) { Rules = mutant, Faults = faults, Threads = threads }).Violations.FirstOrDefault();

    private string Text(List<(ProtocolRules Mutant, SimViolation? First, SimViolation?[] ByClass)> rows)
    {
        var c = CultureInfo.InvariantCulture;
        var text = new StringBuilder();
        text.Append(c, $"""
            # Mutants

            Each mutant breaks one rule of the protocol. The simulator must notice: a law that no mutant can break proves nothing.
            This page is written by `dotnet cake --target=Mutants` (`groupcomm simulate --mutant-table`); schedules of 3 to 7 nodes.

            ## What kills it

            Seeds from 1 on, at most {last:N0}. A *rule* with a P is of [the view change](protocol/view-change.md), else the page of that name says it.

            | rule | mutant | law that fires | first seed | schedules needed |
            |---|---|---|---|---|

            """);
        foreach ((ProtocolRules mutant, SimViolation? first, _) in rows)
            text.Append(first is null
                ? $"| {Rule(mutant)} | `{mutant.Name}` | **none** | survived | more than {last.ToString("N0", c)} |\n"
                : string.Create(c, $"| {Rule(mutant)} | `{mutant.Name}` | {first.Law} | {first.Seed} | {first.Seed:N0} |\n"));
        text.Append(c, $"""

            ## By kind of trouble

            The schedules that each kind needs alone, of {perClass:N0}; a dash: not found by it. Joins and leaves of nodes and groups go on in all of them.

            | mutant | {string.Join(" | ", FaultClass.All.Select(static each => each.Name))} |
            |---|{string.Concat(FaultClass.All.Select(static _ => "---|"))}

            """);
        foreach ((ProtocolRules mutant, _, SimViolation?[] byClass) in rows)
            text.Append(c, $"| `{mutant.Name}` | {string.Join(" | ", byClass.Select(v => v is null ? "-" : v.Seed.ToString("N0", c)))} |\n");
        text.Append(c, $"| **killed of {rows.Count}** | {string.Join(" | ", Enumerable.Range(0, FaultClass.All.Count).Select(i => $"**{rows.Count(row => row.ByClass[i] is not null)}**"))} |\n");
        return text.ToString();
    }

    /// <summary>A mutant without a line above is named by its switch: the cell is never empty.</summary>
    private static string Rule(ProtocolRules mutant) => Rules.TryGetValue(mutant.Name, out string? rule)
        ? rule
        : string.Concat(mutant.Name.Split('-').Select(static word => char.ToUpperInvariant(word[0]) + word[1..]));
}
