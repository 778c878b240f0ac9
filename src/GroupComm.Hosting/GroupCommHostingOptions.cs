using System;

namespace GroupComm;

/// <summary>What concerns the host and not the node; read from the same section of the configuration.</summary>
public sealed class GroupCommHostingOptions
{
    /// <summary>The host's start waits until the node is in a view and has joined its groups, before any other service starts.
    /// Default false: the start goes on at once, and sends wait.</summary>
    public bool WaitForJoin { get; set; }

    /// <summary>How long after a handler threw the health check says degraded. Default 1 min, 0 (never) … 24 h.</summary>
    public TimeSpan HandlerFailureWindow { get; set; } = TimeSpan.FromMinutes(1);
}
