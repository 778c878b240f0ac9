using GroupComm.Core.Messages;

namespace GroupComm.Runtime.State;

/// <summary>The way to the other end of a transfer: a connection of its own, or straight across when both are on this node.</summary>
internal interface IStateWire
{
    void Send(Message message);

    /// <summary>What was sent before still arrives.</summary>
    void Close(string why);
}

/// <summary>One end of a transfer. Calls do not overlap.</summary>
internal interface IStateEnd
{
    /// <summary>False: the other end breaks the rules, and the connection must go.</summary>
    bool Received(Message message);

    /// <summary>Nothing comes any more. May be called again.</summary>
    void Closed(string why);
}
