namespace GroupComm.Core.Stability;

/// <summary>What of the own acknowledgement was sent, and when: one frame per turn at the most, soon when it matters.</summary>
internal sealed class AckState
{
    /// <summary>Somebody waits for a receipt and asked for an acknowledgement in this turn.</summary>
    public bool Asked { get; set; }

    public long Ordered { get; set; }

    /// <summary>Sums of the vectors that were sent: they only grow, so a sum tells whether one changed.</summary>
    public long HeldSum { get; set; }

    public long ConsumedSum { get; set; }

    public bool Prior { get; set; }

    public long SafeTotal { get; set; }

    public long SentAt { get; set; } = long.MinValue / 2;

    /// <summary>Body bytes that came since the last acknowledgement.</summary>
    public long HeldBytes { get; set; }

    /// <summary>Body bytes of others that the application consumed since the last acknowledgement: what their windows wait for.</summary>
    public long ConsumedBytes { get; set; }

    /// <summary>Ticks on which an unchanged acknowledgement is repeated, in case one was lost.</summary>
    public int Repeats { get; set; }
}
