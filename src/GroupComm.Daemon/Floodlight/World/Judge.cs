using System;
using System.Collections.Generic;

namespace GroupComm.Daemon.Floodlight.World;

/// <summary>
/// Reads the real tables whenever something changed: which pairs of hosts that are connected by wires do not reach each other.
/// It measures how long, and at the end how many are left. Times are microseconds.
/// </summary>
internal sealed class Judge(Network network)
{
    private long _since = -1;
    private long _brokenAt = -1;

    /// <summary>Pairs that end in a black hole, or in a loop, now.</summary>
    public int BlackHoles { get; private set; }

    public int Loops { get; private set; }

    /// <summary>Pairs times microseconds.</summary>
    public long HoleTime { get; private set; }

    /// <summary>The longest time in which a pair was broken, until the last was whole again.</summary>
    public long RepairTime { get; private set; }

    public bool IsWhole => BlackHoles + Loops == 0;

    public bool HasBegun => _since >= 0;

    /// <summary>From here on it counts.</summary>
    public void Begin(long now)
    {
        _since = now;
        Count(now);
    }

    /// <summary>Something has changed.</summary>
    public void Look(long now)
    {
        if (_since < 0)
            return;
        HoleTime += (BlackHoles + Loops) * (now - _since);
        _since = now;
        Count(now);
    }

    /// <summary>Pairs that are broken now.</summary>
    public IEnumerable<(int From, int To, Passage Why)> Broken()
    {
        int[] part = network.Parts();
        for (int from = 0; from < Fabric.Switches; from++)
            for (int to = 0; to < Fabric.Switches; to++)
                if (from != to && part[from] >= 0 && part[from] == part[to] && network.Walk(from, to) is var passage and not Passage.Arrives)
                    yield return (from, to, passage);
    }

    private void Count(long now)
    {
        (BlackHoles, Loops) = (0, 0);
        foreach ((_, _, Passage why) in Broken())
            if (why == Passage.Loop)
                Loops++;
            else
                BlackHoles++;
        if (!IsWhole && _brokenAt < 0)
            _brokenAt = now;
        if (!IsWhole || _brokenAt < 0)
            return;
        RepairTime = Math.Max(RepairTime, now - _brokenAt);
        _brokenAt = -1;
    }
}
