using System;

namespace GroupComm.Testing.Simulation;

/// <summary>What the handlers of a schedule are like. Times are microseconds, but for the time-out.</summary>
internal sealed class HandlerMix
{
    /// <summary>Handlers take time; else a delivery is handled at once, or later without a handler (slow consumers).</summary>
    public bool Active { get; private set; }

    /// <summary>Number of conflict keys; messages without one among them.</summary>
    public int Keys { get; private set; }

    /// <summary>In flight at a member.</summary>
    public int Limit { get; private set; }

    public int Shortest { get; private set; }

    public int Longest { get; private set; }

    /// <summary>How often a message is answered inside its handler, and the answer again.</summary>
    public int Answers { get; private set; }

    /// <summary>All handlers send, and the window is 1.</summary>
    public bool AllSend { get; private set; }

    /// <summary>So many of a thousand handlers do not return.</summary>
    public int StuckPerMille { get; private set; }

    /// <summary>After so many milliseconds a member that stands still is removed.</summary>
    public int Timeout { get; private set; }

    public SimRandom Random { get; private set; } = new(0);

    public void Draw(SimRandom random, ReadOnlySpan<FaultKind> only)
    {
        Random = random;
        bool stuck = only.Contains(FaultKind.StuckConsumer);
        Active = random.Chance(250) || stuck;
        Keys = random.Between(1, 6);
        Limit = random.Chance(300) ? random.Between(1, 3) : random.Between(4, 64);
        Shortest = random.Between(10, 500);
        Answers = random.Chance(400) ? random.Between(1, 2) : 0;
        Longest = Shortest + random.Between(0, Answers == 0 && random.Chance(300) ? 40_000 : 3_000);
        AllSend = Active && Answers > 0 && random.Chance(500);
        StuckPerMille = AllSend ? 0 : stuck || (only.IsEmpty && random.Chance(500)) ? random.Between(20, 150) : 0;
        Timeout = random.Between(60, 300);
    }

    /// <summary>Some handlers do not return, but for one in five schedules.</summary>
    public void MakeStuck(SimRandom random)
    {
        if (AllSend || random.Chance(200))
            return;
        (Active, Answers, StuckPerMille) = (true, 0, Math.Max(StuckPerMille, 100));
    }

    /// <summary>Handlers take no time, for a scripted run.</summary>
    public void Still() => (Active, Answers, AllSend, StuckPerMille) = (false, 0, false, 0);
}
