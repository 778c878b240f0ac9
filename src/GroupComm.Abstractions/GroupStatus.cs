namespace GroupComm;

/// <summary>Where a member stands.</summary>
public enum GroupStatus
{
    /// <summary>Waits for its first view.</summary>
    Joining,

    /// <summary>In a view of a primary component: sends are accepted.</summary>
    Active,

    /// <summary>This node does not hear a quorum: sends fail with <see cref="NotPrimaryException"/>.</summary>
    NotPrimary,

    /// <summary>The others went on without this node.</summary>
    Excluded,

    /// <summary>Left.</summary>
    Left,
}
