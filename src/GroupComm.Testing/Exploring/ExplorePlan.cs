using System;
using System.Collections.Generic;
using GroupComm.Core;

namespace GroupComm.Testing.Exploring;

/// <summary>What an exhaustive search may do, and how far it goes.</summary>
internal sealed record ExplorePlan
{
    public int Nodes { get; init; } = 3;

    public int Joiners { get; init; } = 1;

    public int Crashes { get; init; } = 2;

    public int Suspicions { get; init; } = 1;

    /// <summary>The orders of the messages that may be sent, the first first.</summary>
    public IReadOnlyList<DeliveryOrder> Messages { get; init; } = [DeliveryOrder.Agreed, DeliveryOrder.Safe];

    /// <summary>Ticks of the clock; one comes only when no frame is on its way.</summary>
    public int Ticks { get; init; } = 6;

    /// <summary>Steps of a path, at most.</summary>
    public int Depth { get; init; } = 200;

    /// <summary>States, at most.</summary>
    public long States { get; init; } = 100_000;

    public TimeSpan Time { get; init; } = TimeSpan.MaxValue;

    public ProtocolRules Rules { get; init; } = ProtocolRules.Correct;

    /// <summary>Tried in this pseudo-random order at each state instead of one fixed order; 0: fixed. A bounded search sees
    /// more of the space when it does not spend itself in one corner.</summary>
    public ulong Shuffle { get; init; }

    /// <summary>What two runs must have in common to be one search.</summary>
    public string Identity => FormattableString.Invariant($"{Nodes}n {Joiners}j {Crashes}c {Suspicions}s {string.Join("+", Messages)} {Ticks}t depth {Depth} mutant {Rules.Name} shuffle {Shuffle}");
}

/// <summary>What a search did.</summary>
internal sealed class ExploreResult
{
    /// <summary>Different states, those of earlier parts of a resumed search included.</summary>
    public long States { get; set; }

    /// <summary>Steps taken: edges between states.</summary>
    public long Steps { get; set; }

    /// <summary>States with nothing left to do.</summary>
    public long Ends { get; set; }

    /// <summary>Paths that were given up at the depth.</summary>
    public long CutOff { get; set; }

    public int Deepest { get; set; }

    public double Seconds { get; set; }

    /// <summary>Nothing is left within the bounds.</summary>
    public bool Complete { get; set; }

    public string? Law { get; set; }

    public string? Text { get; set; }

    /// <summary>The steps to the violation, in words.</summary>
    public IReadOnlyList<string> Path { get; set; } = [];
}
