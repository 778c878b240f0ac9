using System;

namespace GroupComm;

/// <summary>The step at which a join failed.</summary>
public enum JoinStep
{
    /// <summary>A seed's name has no address.</summary>
    Resolve,

    /// <summary>No connection, or the own port is in use.</summary>
    Connect,

    /// <summary>TLS.</summary>
    Tls,

    /// <summary>The first frames were not understood.</summary>
    Handshake,

    /// <summary>The peer belongs to another cluster.</summary>
    Cluster,

    /// <summary>The peer speaks another protocol version.</summary>
    Version,

    /// <summary>Another live node has this name.</summary>
    NameInUse,

    /// <summary>The options contradict themselves or those of the group.</summary>
    Options,

    /// <summary>The members did not admit the node.</summary>
    Admission,
}

/// <summary>A node or member could not join; <see cref="Step"/> says where, the message how to mend it.</summary>
public sealed class JoinException(JoinStep step, string message, Exception? inner = null) : GroupCommException(message, inner)
{
    /// <summary>The failing step.</summary>
    public JoinStep Step { get; } = step;
}
