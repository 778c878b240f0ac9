namespace GroupComm.Testing.Traces;

/// <summary>What one line of a trace says happened (contracts.md section 4). Zero is no event.</summary>
internal enum TraceKind : byte
{
    Start = 1,
    View,
    GroupView,
    Send,
    Deliver,
    Ack,
    State,
    Read,
    Primary,
    Excluded,
    Leave,
    Wedge,
    Suspect,
    Stop,
    HandleBegin,
    HandleEnd,
}

/// <summary>How far a receipt has come.</summary>
internal enum TraceStage : byte
{
    None,
    Delivered,
    Safe,
    Durable,
}

/// <summary>What a process had to do with a state.</summary>
internal enum StateRole : byte
{
    /// <summary>It captured the state and gave it.</summary>
    Donor,

    /// <summary>It restored the state.</summary>
    Joiner,

    /// <summary>It had the state at that point; only the simulator, where every member has one, says so.</summary>
    Member,
}
