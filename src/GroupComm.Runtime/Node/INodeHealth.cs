using System;
using System.Collections.Generic;
using GroupComm.Runtime.Links;

namespace GroupComm.Runtime.Node;

/// <summary>How a node fares, for health checks.</summary>
internal interface INodeHealth
{
    /// <summary>Why it is not primary, in one line; null when it is.</summary>
    string? Waiting { get; }

    /// <summary>The same by step and peer; empty when it is primary.</summary>
    IReadOnlyList<JoinObstacle> Obstacles { get; }

    /// <summary>Why it will not be primary any more; null when it may.</summary>
    Exception? Failure { get; }

    /// <summary>Handlers that threw.</summary>
    long HandlerFailures { get; }

    /// <summary>The latest of them within <paramref name="window"/>, for people; null when there is none.</summary>
    string? RecentHandlerFailure(TimeSpan window);
}
