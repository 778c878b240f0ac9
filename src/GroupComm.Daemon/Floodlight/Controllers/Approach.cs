using System;
using System.Collections.Generic;
using System.Linq;
using GroupComm.Daemon.Floodlight.World;

namespace GroupComm.Daemon.Floodlight.Controllers;

/// <summary>An answer to the race, by the name that users write.</summary>
/// <param name="Name">As in <c>--approach</c>.</param>
/// <param name="Files">Its program, for counting lines: what only it uses.</param>
/// <param name="Make">A controller in a room.</param>
internal sealed record Approach(string Name, string[] Files, Func<IControlRoom, Controller> Make)
{
    public static IReadOnlyList<Approach> All { get; } =
    [
        new("baseline", ["Baseline", "NetworkState", "TableWriter"], static room => new Baseline(room)),
        new("case-by-case", ["CaseByCase", "Baseline", "NetworkState", "TableWriter"], static room => new CaseByCase(room)),
        new("replicated", ["Replicated", "NetworkState", "TableWriter"], static room => new Replicated(room)),
        new("transactional", ["Transactional", "TransactionStore", "NetworkState", "TableWriter"], static room => new Transactional(room)),
        new("virtual-synchrony", ["VirtualSynchrony", "NetworkState", "TableWriter"], static room => new VirtualSynchrony(room)),
        new("stateless", ["Stateless", "Survey"], static room => new Stateless(room)),
        new("declarative", ["Declarative", "FactRules", "TableWriter"], static room => new Declarative(room)),
        new("self-stabilising", ["SelfStabilising", "Survey"], static room => new SelfStabilising(room)),
    ];

    public static Approach Find(string name) => All.Single(each => each.Name == name);
}
