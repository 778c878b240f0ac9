namespace GroupComm.Gateway.Protocol;

/// <summary>What a frame is; interop/spec/gateway.md has the table.</summary>
internal enum FrameKind
{
    Hello = 1,
    Welcome = 2,
    Ack = 3,
    Ping = 4,
    Pong = 5,
    Close = 6,

    Join = 16,
    Leave = 17,
    Send = 18,
    SendTo = 19,
    Query = 20,
    Barrier = 21,
    Reply = 22,
    Part = 23,
    End = 24,

    Done = 32,
    Failed = 33,
    Receipt = 34,
    Answer = 35,

    View = 40,
    Message = 41,
    Ask = 42,
    Capture = 43,
    Restore = 44,
    Transitional = 45,
    PrimaryLost = 46,
    PrimaryRegained = 47,
    GroupLost = 48,
    Excluded = 49,
    Reset = 50,
    Left = 51,
    Reached = 52,
    Cancel = 53,
}
