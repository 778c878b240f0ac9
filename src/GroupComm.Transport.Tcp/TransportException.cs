using System;

namespace GroupComm.Transport;

/// <summary>Listening or dialling failed: which step, and one line with the fix.</summary>
internal sealed class TransportException(JoinStep step, string message, bool refused = false, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>The step that failed.</summary>
    public JoinStep Step { get; } = step;

    /// <summary>The host answered that nobody listens on the port: certain, and known at once.</summary>
    public bool Refused { get; } = refused;
}
