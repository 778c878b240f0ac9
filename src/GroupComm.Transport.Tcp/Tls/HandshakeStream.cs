using System;
using System.IO;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Transport.Tls;

/// <summary>The socket below TLS. Until the handshake is over it hands up no more than a handshake needs (law Q3).</summary>
internal sealed class HandshakeStream(Stream socket, int limit) : Stream
{
    private int _taken;
    private volatile bool _open;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>The peer is known: no limit any more.</summary>
    public void Open() => _open = true;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_open)
            return await socket.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (_taken == limit)
            throw new IOException($"more than {limit} bytes before the end of the TLS handshake");
        int count = await socket.ReadAsync(buffer[..Math.Min(buffer.Length, limit - _taken)], cancellationToken).ConfigureAwait(false);
        _taken += count;
        return count;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => socket.WriteAsync(buffer, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
