namespace GroupComm.Core.Messages;

/// <summary>The closed set of what nodes say to each other. Numbers are the wire's.</summary>
internal enum MessageKind : byte
{
    Bundle = 1,
    Orders = 2,
    Ack = 3,
    Heartbeat = 4,
    Resume = 5,
    Wedge = 16,
    Wedged = 17,
    Refused = 18,
    Pull = 19,
    Bodies = 20,
    Propose = 21,
    Accepted = 22,
    Decide = 23,
    Help = 24,
    Notice = 25,
    Gone = 26,
    Leave = 27,
    Seek = 32,
    Known = 33,
    JoinRefused = 34,
    Probe = 40,
    ProbeReply = 41,
    Direct = 56,
    DirectAck = 57,
    StateOpen = 48,
    StateChunk = 49,
    StateEnd = 50,
    StateAbort = 51,
    StateTaken = 52,
}

/// <summary>A message between cores; never changed once it was sent.</summary>
internal abstract class Message(ViewKey view)
{
    public abstract MessageKind Kind { get; }

    /// <summary>The view that it belongs to; for <see cref="MessageKind.Seek"/> the default.</summary>
    public ViewKey View { get; } = view;
}
