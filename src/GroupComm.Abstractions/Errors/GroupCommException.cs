using System;

namespace GroupComm;

/// <summary>An operating error: says what happened, what is certain, and what to do.</summary>
public class GroupCommException : Exception
{
    /// <summary>Creates the error.</summary>
    public GroupCommException(string message, Exception? inner = null) : base(message, inner) { }
}

/// <summary>This node does not hear a quorum of its view. The message was not sent; retry is safe.</summary>
public sealed class NotPrimaryException(string reason) : GroupCommException($"not primary: {reason}; the message was not sent, retry when the node is primary again")
{
    /// <summary>Why, for people.</summary>
    public string Reason { get; } = reason;
}

/// <summary>The view closed before the message got a number. It was not sent; retry is safe.</summary>
public sealed class ViewClosedException(string message) : GroupCommException(message);

/// <summary>The message was numbered, then this node was excluded or stopped: the others may or may not have it.</summary>
public sealed class OutcomeUnknownException(string message) : GroupCommException(message);

/// <summary>The others went on without this node.</summary>
public sealed class ExcludedException(string reason) : GroupCommException($"excluded from the cluster: {reason}")
{
    /// <summary>Why, for people.</summary>
    public string Reason { get; } = reason;
}

/// <summary>A payload above the maximum, refused before anything was sent.</summary>
public sealed class MessageTooLargeException : GroupCommException
{
    /// <summary>Creates the error.</summary>
    public MessageTooLargeException(long size, long maximum) : this(size, maximum, "raise MaxMessageSize or split it") { }

    internal MessageTooLargeException(long size, long maximum, string fix) : base($"the message has {size} bytes, the maximum is {maximum}; {fix}") =>
        (Size, Maximum) = (size, maximum);

    /// <summary>Size in bytes.</summary>
    public long Size { get; }

    /// <summary>The limit in bytes.</summary>
    public long Maximum { get; }
}

/// <summary>A resource has seen a newer fencing token.</summary>
public sealed class FencedException(string message) : GroupCommException(message);

/// <summary>The state could not be transferred to a joiner.</summary>
public sealed class StateTransferException(string message, Exception? inner = null) : GroupCommException(message, inner);
