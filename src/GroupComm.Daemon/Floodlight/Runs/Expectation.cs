using System.Collections.Generic;
using GroupComm.Daemon.Floodlight.Controllers;
using GroupComm.Daemon.Floodlight.Script;
using GroupComm.Daemon.Floodlight.Simulated;

namespace GroupComm.Daemon.Floodlight.Runs;

/// <summary>What the design of an answer promises in a race.</summary>
internal enum Promise
{
    /// <summary>No schedule ends with a black hole or a loop.</summary>
    None,

    /// <summary>Some do: the design does not cover this race.</summary>
    Holes,
}

/// <summary>The promise of every cell.</summary>
internal static class Expectation
{
    /// <summary>With fewer schedules a hole that was to be expected may just not have come.</summary>
    public const int EnoughToExpectHoles = 20;

    private static readonly Dictionary<string, string> s_holes = new()
    {
        ["baseline"] = "ABCDEFG",
        ["case-by-case"] = "BEF",
        ["replicated"] = "E",
        ["transactional"] = "E",
        ["virtual-synchrony"] = "E",
        ["stateless"] = "",
        ["declarative"] = "E",
        ["self-stabilising"] = "",
    };

    public static Promise Of(Approach approach, Race race) => s_holes[approach.Name].Contains(race.ToString(), System.StringComparison.Ordinal) ? Promise.Holes : Promise.None;

    public static string Name(Promise promise) => promise == Promise.None ? "none" : "holes";
}
