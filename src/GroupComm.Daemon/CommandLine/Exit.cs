namespace GroupComm.Daemon.CommandLine;

/// <summary>What the process says when it ends (docs/cli.md).</summary>
internal static class Exit
{
    public const int Ok = 0;

    /// <summary>The verdict is no: a law was broken.</summary>
    public const int Violation = 1;

    /// <summary>Bad usage or configuration.</summary>
    public const int Usage = 2;

    /// <summary>The node could not join.</summary>
    public const int Join = 3;

    /// <summary>The others went on without this node.</summary>
    public const int Excluded = 4;

    /// <summary>A rule that must always hold was broken: a defect of ours.</summary>
    public const int Broken = 70;

    /// <summary>Ended by Ctrl-C, as shells count it.</summary>
    public const int Interrupted = 130;
}
