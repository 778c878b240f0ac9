namespace GroupComm;

/// <summary>Where a member stands.</summary>
public enum GroupStatus
{
    /// <summary>Waits for its first view, or for the first after the cluster was lost.</summary>
    Joining,

    /// <summary>In a view of a primary component: sends are accepted.</summary>
    Active,

    /// <summary>This node does not hear a quorum: sends fail with <see cref="NotPrimaryException"/>.</summary>
    NotPrimary,

    /// <summary>The others went on without this node. With <see cref="GroupCommOptions.Rejoin"/> until the member is back in a
    /// view, else for good.</summary>
    Excluded,

    /// <summary>Left.</summary>
    Left,
}
