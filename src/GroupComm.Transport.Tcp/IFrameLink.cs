using System;

namespace GroupComm.Transport;

/// <summary>One connection that carries frames: a little-endian 4-byte length, then that many bytes (never zero).
/// All members may be used from any thread; none of them blocks, throws for I/O, or calls the sink.</summary>
internal interface IFrameLink
{
    /// <summary>Unique within its transport, rising.</summary>
    long Id { get; }

    /// <summary>True when this side opened the connection.</summary>
    bool Dialled { get; }

    /// <summary>The peer's <c>host:port</c> of this connection; for an accepted link not the port the peer listens on.</summary>
    string RemoteAddress { get; }

    /// <summary>This side's <c>host:port</c> of this connection.</summary>
    string LocalAddress { get; }

    /// <summary>Who proved to be at the other end, by its certificate; null without TLS.</summary>
    PeerIdentity? Peer { get; }

    /// <summary>Bytes written that the operating system has not taken yet, prefixes included.</summary>
    long UnsentBytes { get; }

    /// <summary>The sink's own.</summary>
    object? State { get; set; }

    /// <summary>Appends one frame; the prefix is added. No I/O before <see cref="Flush"/>. Ignored once the link is closing.</summary>
    void Write(ReadOnlySpan<byte> frame);

    /// <summary>Appends one frame that consists of both parts.</summary>
    void Write(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body);

    /// <summary>Appends bytes that already hold their prefixes: one frame or several, encoded once for all peers.</summary>
    void WriteRaw(ReadOnlySpan<byte> prefixed);

    /// <summary>As <see cref="WriteRaw"/>, for large pieces: where the channel allows it they are held until they are sent, not copied.</summary>
    void WriteShared(ISharedBytes bytes, int offset, int length);

    /// <summary>Starts sending what is appended; on this thread when the link is idle and the socket takes it at once.</summary>
    void Flush();

    /// <summary>After the handshake: frames up to <paramref name="maxFrame"/> bytes, no deadline, no longer pending.
    /// Call it inside OnFrame of the handshake frame, else the next frame may meet the old limit.</summary>
    void Promote(int maxFrame);

    /// <summary>Idempotent, the first reason wins. Graceful kinds send what was written before; the others drop it.
    /// No frame is passed on afterwards except the one in progress.</summary>
    void Close(CloseReason reason);
}
