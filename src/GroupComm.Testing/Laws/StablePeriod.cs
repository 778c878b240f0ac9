using System.Collections.Generic;

namespace GroupComm.Testing.Laws;

/// <summary>
/// What the harness knows about the end of a run and the traces do not say: when it healed everything, who lives, what the end
/// state of each is. Its presence says that the run ended quiet: everything healed, detector accurate, no input pending.
/// Times are nanoseconds on the clock of the traces; processes are numbers of the history. Reusable: <see cref="Clear"/>.
/// </summary>
internal sealed class StablePeriod
{
    /// <summary>When the last injected network or pause fault was healed.</summary>
    public long HealTime { get; set; }

    /// <summary>The last real change (crash, join or leave asked for) or heal, whichever is later: LV-7 counts from here.</summary>
    public long LastChange { get; set; }

    /// <summary>When observation ended.</summary>
    public long EndTime { get; set; }

    /// <summary>The time in which an accurate detector sees a crash.</summary>
    public long DetectionBound { get; set; }

    /// <summary>One network round trip.</summary>
    public long RoundTrip { get; set; }

    /// <summary>The time that missing bodies need on the wire (LV-7).</summary>
    public long TransferTime { get; set; }

    /// <summary>Real joins, leaves and crashes after <see cref="HealTime"/> (LV-5), exclusions that were under way included.</summary>
    public int RealChanges { get; set; }

    /// <summary>Whether a view was wedged when the stable period began (LV-5 allows one view for it).</summary>
    public bool WedgedAtStart { get; set; }

    /// <summary>Most bytes that a node may retain (LV-8); 0 = no bound.</summary>
    public long MaxRetainedBytes { get; set; }

    /// <summary>Processes that are up at the end.</summary>
    public List<int> Live { get; } = [];

    /// <summary>Processes that the final view must hold, exactly (LV-1). Empty when no quorum of the last view lives.</summary>
    public List<int> Expected { get; } = [];

    /// <summary>End states of the live processes.</summary>
    public List<ProcessEnd> Ends { get; } = [];

    /// <summary>Messages sent in the stable period (LV-2 to LV-4).</summary>
    public List<StableSend> Sends { get; } = [];

    /// <summary>Who was cut off from every quorum, and when (LV-6).</summary>
    public List<MinorityStay> Minority { get; } = [];

    /// <summary>Empties it for the next schedule.</summary>
    public void Clear()
    {
        HealTime = LastChange = EndTime = DetectionBound = RoundTrip = TransferTime = MaxRetainedBytes = 0;
        RealChanges = 0;
        WedgedAtStart = false;
        Live.Clear();
        Expected.Clear();
        Ends.Clear();
        Sends.Clear();
        Minority.Clear();
    }
}
