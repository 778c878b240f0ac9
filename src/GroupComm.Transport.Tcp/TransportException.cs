using System;

namespace GroupComm.Transport;

/// <summary>Listening or dialling failed: which step, and one line with the fix.</summary>
internal sealed class TransportException(JoinStep step, string message, bool refused = false, Exception? inner = null, bool permanent = false)
    : Exception(message, inner)
{
    /// <summary>The step that failed.</summary>
    public JoinStep Step { get; } = step;

    /// <summary>The host answered that nobody listens on the port: certain, and known at once.</summary>
    public bool Refused { get; } = refused;

    /// <summary>This side's configuration forbids it, so trying again is of no use.</summary>
    public bool Permanent { get; } = permanent;
}
