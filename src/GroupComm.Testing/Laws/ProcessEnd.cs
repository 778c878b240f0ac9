namespace GroupComm.Testing.Laws;

/// <summary>The end state of one live process.</summary>
internal struct ProcessEnd
{
    /// <summary>Its number in the history.</summary>
    public int Process;

    /// <summary>The view it is in, 0 for none.</summary>
    public long View;

    /// <summary>Whether it says that it is primary.</summary>
    public bool Primary;

    /// <summary>Whether a send would be admitted and get its sequence now (LV-9).</summary>
    public bool CanSend;

    /// <summary>Sends accepted earlier that still have no sequence (LV-9: must be 0 at a member of the final view).</summary>
    public int HeldSends;

    /// <summary>Bytes in its unstable store (LV-8: 0 after quiet).</summary>
    public long RetainedBytes;

    /// <summary>Bundles in its unstable store (LV-8: 0 after quiet).</summary>
    public int RetainedBundles;

    /// <summary>The most bytes it ever retained (LV-8).</summary>
    public long PeakRetainedBytes;

    /// <summary>Bytes that still count against its send window (LV-8: 0 after quiet).</summary>
    public long UnconsumedBytes;

    /// <summary>Sends that got a sequence while it said that it was not primary (LV-6: must be 0).</summary>
    public int AcceptedWhileNotPrimary;

    /// <summary>Members that still await their group's state (LV-11: must be 0).</summary>
    public int AwaitingState;
}

/// <summary>A message sent in the stable period.</summary>
/// <param name="Process">The sender.</param>
/// <param name="View">The view in its id.</param>
/// <param name="Sequence">The sequence in its id.</param>
/// <param name="AwaitsSafe">Whether the trace records its Safe receipt, which LV-4 then demands.</param>
internal readonly record struct StableSend(int Process, long View, long Sequence, bool AwaitsSafe);

/// <summary>A time in which a process could reach no quorum of its view.</summary>
/// <param name="Process">The process.</param>
/// <param name="Since">When it was cut off.</param>
/// <param name="Until">When it was healed.</param>
internal readonly record struct MinorityStay(int Process, long Since, long Until);
