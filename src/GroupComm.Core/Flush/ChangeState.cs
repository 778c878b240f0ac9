using GroupComm.Core.Messages;

namespace GroupComm.Core.Flush;

/// <summary>A member's part in the one consensus that ends its view: what it promised and accepted. Never undone (P3).</summary>
internal sealed class ChangeState
{
    public Ballot Promised { get; set; }

    public Ballot AcceptedBallot { get; set; }

    public ViewValue? Accepted { get; set; }

    /// <summary>Data of the view is neither sent, received, acknowledged nor delivered any more.</summary>
    public bool Wedged { get; set; }

    /// <summary>A proposal whose bodies are not all here yet.</summary>
    public Propose? Pending { get; set; }

    public NodeId PendingFrom { get; set; }

    /// <summary>Decided value whose bodies are not all here yet.</summary>
    public Decide? Decided { get; set; }

    /// <summary>This node's own ballot, if it has one under way.</summary>
    public Proposer? Proposer { get; set; }

    /// <summary>Since when a change is needed and not done; -1: not needed.</summary>
    public long NeededSince { get; set; } = -1;

    /// <summary>The highest round that refused an own ballot.</summary>
    public long RoundSeen { get; set; }

    /// <summary>No own ballot before this time.</summary>
    public long NotBefore { get; set; }

    public long PulledAt { get; set; } = long.MinValue / 2;

    public long HelpAskedAt { get; set; } = long.MinValue / 2;
}

/// <summary>A ballot of this node: whose answers it has, and what it proposed.</summary>
internal sealed class Proposer(Ballot ballot, int ranks)
{
    public Ballot Ballot { get; } = ballot;

    public Wedged?[] Answers { get; } = new Wedged?[ranks];

    /// <summary>Bit r: rank r answered.</summary>
    public ulong Answered { get; set; }

    public ViewValue? Value { get; set; }

    public ulong AcceptedBy { get; set; }

    /// <summary>When the last wedge or proposal went to each rank.</summary>
    public long[] SentAt { get; } = new long[ranks];
}
