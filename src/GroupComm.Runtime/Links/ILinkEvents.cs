using System;
using GroupComm.Runtime.Turn;

namespace GroupComm.Runtime.Links;

/// <summary>What the links tell their node. Called on reading and pool threads, without the core.</summary>
internal interface ILinkEvents
{
    /// <summary>Frames arrived; the thread reads the link.</summary>
    void Received(FrameBatch batch, PeerLink reader);

    /// <summary>A link to the peer stands, again or for the first time.</summary>
    void LinkUp(NodeId peer);

    /// <summary>The link broke and could not be had again.</summary>
    void LinkDown(NodeId peer, bool gone, string reason);

    /// <summary>A peer that this node dialled can never be joined: wrong cluster, wrong version, no TLS.</summary>
    void JoinFailed(JoinStep step, string text);
}
