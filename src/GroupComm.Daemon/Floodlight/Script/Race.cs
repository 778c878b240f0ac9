namespace GroupComm.Daemon.Floodlight.Script;

/// <summary>What goes wrong, and when.</summary>
internal enum Race
{
    /// <summary>A link fails just after the master died and before a replica is promoted.</summary>
    A,

    /// <summary>A switch connects in that window, with tables of an earlier life.</summary>
    B,

    /// <summary>A link goes down and up quickly, and the master dies in between.</summary>
    C,

    /// <summary>As A, and the promoted one fails right after its promotion.</summary>
    D,

    /// <summary>The report of a link reaches the master alone, which dies with it.</summary>
    E,

    /// <summary>The master is paused while it repairs; another is promoted and repairs something else; the old one wakes and writes on.</summary>
    F,

    /// <summary>As A, while a replica joins; then the promoted one leaves, and the joiner is the master.</summary>
    G,
}
