namespace GroupComm;

/// <summary>What a container of a cluster does.</summary>
public enum GroupCommContainerState
{
    /// <summary>It was not started yet.</summary>
    Waits,

    /// <summary>Its node runs.</summary>
    Runs,

    /// <summary>It stands still, as a process does that is given no time.</summary>
    Paused,

    /// <summary>Its process has ended; its file system is still there.</summary>
    Ended,
}
