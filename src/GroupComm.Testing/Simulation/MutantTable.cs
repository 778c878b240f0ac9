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
    /// <summary>Enough to say whether causal messages are reordered at all.</summary>
    public const ulong PerClass = Simulator.ReorderingDue;

    // What a mutant breaks: a rule of the view change, or the page of docs/protocol that states it.
    private static readonly Dictionary<string, string> Rules = new(StringComparer.Ordinal)
    {
        ["send-after-wedge"] = "P3", ["cut-from-own-knowledge"] = "P5", ["no-majority"] = "P5, P7",
        ["accept-below-promise"] = "P10", ["bare-ballot-numbers"] = "P1", ["hole-in-order-log"] = "P5", ["fifo-across-group-mark"] = "groups",
        ["deaf-node-wedges"] = "P2", ["fragment-tail-kept"] = "P6", ["blend-accepted-value"] = "P5",
        ["decide-on-first-acceptance"] = "P11", ["quorum-of-new-view"] = "P11", ["accept-without-bodies"] = "P10",
        ["same-identity-after-restart"] = "identity-and-bootstrap", ["joiner-admitted-twice"] = "P8", ["cut-not-causally-closed"] = "P6",
        ["stamp-without-deliveries"] = "causal", ["ignore-causal-hold"] = "causal", ["order-log-not-taken-over"] = "P5",
        ["safe-on-own-ack"] = "agreed-and-safe", ["safe-on-tie-half"] = "agreed-and-safe", ["duplicate-after-reconnect"] = "streams",
        ["gap-after-reconnect"] = "streams", ["stable-dropped-too-early"] = "streams", ["group-change-without-marks"] = "groups",
        ["joiner-table-incomplete"] = "P12", ["tie-rule-on-both-halves"] = "P7", ["token-from-non-primary"] = "P2",
        ["handlers-of-one-key-in-parallel"] = "streams", ["view-change-not-a-barrier-for-keys"] = "streams", ["fragments-against-the-window"] = "streams",
        ["credits-of-a-left-member"] = "streams", ["handler-waits-for-the-window"] = "streams", ["slow-consumer-stays"] = "streams",
        ["early-state"] = "state-transfer", ["late-state"] = "state-transfer", ["donor-lost-and-not-replaced"] = "state-transfer",
        ["donor-without-state"] = "state-transfer", ["buffer-kept-across-restart"] = "state-transfer", ["causal-through-sequencer"] = "causal",
        ["unicast-twice-after-reconnect"] = "queries-and-reads", ["query-forgets-departures"] = "queries-and-reads", ["read-on-own-word"] = "queries-and-reads",
        ["read-without-vectors"] = "queries-and-reads", ["read-ends-at-install"] = "queries-and-reads", ["unicast-before-its-group-view"] = "queries-and-reads",
        ["accept-without-wedging"] = "P10", ["older-view-after-newer"] = "P14", ["bootstrap-by-majority-without-floor"] = "identity-and-bootstrap",
        ["ignore-accepted-value"] = "P5", ["leaver-stops-at-once"] = "P15", ["ack-after-wedge"] = "P3", ["safe-across-views"] = "agreed-and-safe", ["joiners-not-capped"] = "P8", ["no-help"] = "P14",
        ["leaves-forgotten"] = "P12", ["minority-refuses-names"] = "identity-and-bootstrap", ["later-life-is-proof"] = "identity-and-bootstrap",
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

    /// <summary>Whether causal messages are reordered is asked of a whole run: the first one is short.</summary>
    private SimViolation? First(ProtocolRules mutant, IReadOnlyList<FaultKind> faults, ulong to)
    {
        var plan = new SimulationPlan(1, Math.Min(to, PerClass)) { Rules = mutant, Faults = faults, Threads = threads };
        SimViolation? first = Simulator.Run(plan).Violations.FirstOrDefault();
        return first is not null || to <= PerClass ? first : Simulator.Run(plan with { First = PerClass + 1, Last = to }).Violations.FirstOrDefault();
    }

    private string Text(List<(ProtocolRules Mutant, SimViolation? First, SimViolation?[] ByClass)> rows)
    {
        var c = CultureInfo.InvariantCulture;
        var text = new StringBuilder();
        text.Append(c, $"""
            # Mutants

            Each mutant breaks one rule of the protocol. The simulator must notice: a law that no mutant can break proves nothing.
            This page is written by `dotnet cake --target=Mutants` (`groupcomm simulate --mutant-table`); schedules of 3 to 7 nodes.

            ## What kills it

            Seeds from 1 on, at most {last:N0}. A *rule* with a P is of [the view change](protocol/view-change.md), else a page of [protocol](protocol/) has that name.

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

    /// <summary>The cell is never empty: a mutant without a line above fails here, and in a test.</summary>
    public static string Rule(ProtocolRules mutant) => Rules[mutant.Name];
}
