using System;
using System.Buffers;
using System.IO;
using System.IO.Hashing;
using System.IO.Pipelines;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Runtime.State;

/// <summary>What a restore reads. Counts and digests; a read that gets nothing for the time limit fails, and every read fails
/// once the attempt was given up.</summary>
internal sealed class StateReadStream(StateTaker taker, TimeSpan limit, CancellationToken given) : Stream
{
    private readonly Stream _bytes = taker.Reader.AsStream(leaveOpen: true);
    private readonly XxHash64 _hash = new();
    private long _read;
    private long _told;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => _read; set => throw new NotSupportedException(); }

    /// <summary>Why reading failed; null while it did not.</summary>
    public Exception? Failure { get; private set; }

    public ulong Digest => _hash.GetCurrentHashAsUInt64();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Failure is not null)
            throw new IOException("the state transfer failed", Failure);
        given.ThrowIfCancellationRequested();
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            int count = TakeWaiting(buffer.Span);
            if (count == 0)
                count = await WaitAsync(buffer, cancellationToken).ConfigureAwait(false);
            Took(buffer.Span[..count]);
            return count;
        }
        catch (OperationCanceledException) when (!given.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            Failure = new TimeoutException($"the donor {taker.Donor} sent nothing for {limit.TotalSeconds:0.#} s");
            throw new IOException("the state transfer failed", Failure);
        }
        catch (Exception error) when (error is IOException or CaptureFailedException)
        {
            Failure = error;
            throw error is IOException ? error : new IOException("the capture failed at the donor", error);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    /// <summary>Reads what the restore left, so that the digest is of everything; throws if it is not what the donor gave.</summary>
    public async Task FinishAsync()
    {
        byte[] rest = new byte[StateLimits.Chunk];
        while (await ReadAsync(rest, CancellationToken.None).ConfigureAwait(false) > 0)
        {
        }
        if (taker.End is not { } end || end.Length != _read || end.Digest != Digest)
        {
            Failure = new IOException($"{_read} bytes came with digest {Digest:x16}, the donor {taker.Donor} gave {taker.End?.Length} with {taker.End?.Digest:x16}");
            throw Failure;
        }
    }

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private async ValueTask<int> WaitAsync(Memory<byte> buffer, CancellationToken ct)
    {
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(given, ct);
        late.CancelAfter(limit);
        return await _bytes.ReadAsync(buffer, late.Token).ConfigureAwait(false);
    }

    /// <summary>What is there already needs no clock; 0 when nothing is, or at the end.</summary>
    private int TakeWaiting(Span<byte> buffer)
    {
        if (!taker.Reader.TryRead(out ReadResult read))
            return 0;
        int count = (int)Math.Min(buffer.Length, read.Buffer.Length);
        ReadOnlySequence<byte> some = read.Buffer.Slice(0, count);
        some.CopyTo(buffer);
        taker.Reader.AdvanceTo(some.End); // some is gone from here on
        return count;
    }

    private void Took(ReadOnlySpan<byte> bytes)
    {
        _hash.Append(bytes);
        _read += bytes.Length;
        if (_read - _told < StateLimits.TakenEvery)
            return;
        _told = _read;
        taker.Taken(_read);
    }
}
