using System;
using System.IO;
using System.Security.Authentication;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Transport.Tests.Tcp;

/// <summary>Stands in for TLS: flips every bit on the way.</summary>
internal sealed class Veil : IConnectionUpgrade
{
    public bool Fails { get; init; }

    public bool Waits { get; init; }

    public TaskCompletionSource Began { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async ValueTask<Upgraded> UpgradeAsync(Stream raw, string host, bool server, CancellationToken ct)
    {
        Began.TrySetResult();
        if (Fails)
            throw new AuthenticationException("no trust");
        if (Waits)
            await raw.ReadExactlyAsync(new byte[1], ct);
        return new Upgraded(new VeiledStream(raw), null);
    }

    private sealed class VeiledStream(Stream raw) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int count = await raw.ReadAsync(buffer, cancellationToken);
            Flip(buffer.Span[..count]);
            return count;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            byte[] copy = buffer.ToArray();
            Flip(copy);
            return raw.WriteAsync(copy, cancellationToken);
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Flush() { }

        private static void Flip(Span<byte> bytes)
        {
            for (int i = 0; i < bytes.Length; i++)
                bytes[i] ^= 0xFF;
        }
    }
}
