using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Client.Frames;
using GroupComm.Client.Sessions;

namespace GroupComm.Client.Groups;

/// <summary>What a capture writes: parts of a transfer, as fast as the daemon takes them.</summary>
internal sealed class PartStream(Session session, long transfer, CancellationToken given) : Stream
{
    private readonly byte[] _buffer = new byte[1 << 16];
    private int _used;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (buffer.Length > 0)
        {
            int taken = Math.Min(buffer.Length, _buffer.Length - _used);
            buffer.Span[..taken].CopyTo(_buffer.AsSpan(_used));
            (_used, buffer) = (_used + taken, buffer[taken..]);
            if (_used == _buffer.Length)
                await PassAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush() { }

    /// <summary>What is left; the transfer is complete.</summary>
    public async Task CompleteAsync(CancellationToken ct)
    {
        if (_used > 0)
            await PassAsync(ct).ConfigureAwait(false);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private async ValueTask PassAsync(CancellationToken ct)
    {
        if (given.IsCancellationRequested)
            throw new IOException("the joiner is gone; its state is not needed any more");
        await session.SendAsync(FrameEncoder.Part(transfer, _buffer.AsSpan(0, _used)), ct.CanBeCanceled ? ct : given).ConfigureAwait(false);
        _used = 0;
    }
}
