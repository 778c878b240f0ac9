namespace GroupComm.Wire;

/// <summary>What a decoder made of a frame.</summary>
internal enum FrameStatus
{
    /// <summary>A message.</summary>
    Message,

    /// <summary>Of a kind that is not known here and may be ignored.</summary>
    Skipped,

    /// <summary>Of an older generation of the connection (P17): dropped.</summary>
    Stale,

    /// <summary>Nonsense: close the link with the reason and count it.</summary>
    Malformed,
}
