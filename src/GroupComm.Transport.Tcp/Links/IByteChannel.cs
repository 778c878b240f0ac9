using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Transport.Links;

/// <summary>What a link needs of a connection: bytes both ways. One send and one receive at a time.
/// A socket or, in memory, a pair of byte queues; everything else about a link is the same for both.</summary>
internal interface IByteChannel
{
    string LocalAddress { get; }

    string RemoteAddress { get; }

    /// <summary>Who proved to be at the other end; null when nothing is proved.</summary>
    PeerIdentity? Peer { get; }

    /// <summary>At least one byte, or 0 when the peer has finished sending.</summary>
    ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken ct);

    /// <summary>How many bytes from the start the operating system has taken, at least one.</summary>
    ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes);

    /// <summary>Whether pieces can be sent in one call.</summary>
    bool Gathers { get; }

    /// <summary>Sends pieces one behind the other; only where <see cref="Gathers"/>. The list is the caller's again when it returns.</summary>
    ValueTask<int> SendAsync(List<ArraySegment<byte>> pieces);

    /// <summary>Tells the peer that nothing more comes. After the last send; never throws.</summary>
    void FinishSending();

    /// <summary>Receives and throws away until the peer has finished too, so that closing does not destroy bytes on their way to it.</summary>
    ValueTask DrainAsync(CancellationToken ct);

    /// <summary>Ends the connection now; sends and receives in progress fail. Idempotent, never throws.</summary>
    void Abort();
}
