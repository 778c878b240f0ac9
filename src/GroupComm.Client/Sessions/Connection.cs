using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.IO.Pipelines;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Client.Frames;

namespace GroupComm.Client.Sessions;

/// <summary>Bytes to and from a daemon: frames are cut out of what comes, and written together when several are due.</summary>
internal sealed class Connection(Stream stream) : IAsyncDisposable
{
    private const int WriteBuffer = 1 << 16;
    private const int Prefix = 4;

    private readonly PipeReader _input = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 1 << 16, minimumReadSize: 1 << 12, leaveOpen: true));
    private readonly PipeWriter _output = PipeWriter.Create(stream, new StreamPipeWriterOptions(minimumBufferSize: WriteBuffer, leaveOpen: true));
    private readonly SemaphoreSlim _due = new(0);
    private int _signalled;
    private long _heard = Environment.TickCount64;

    /// <summary>Milliseconds since the last byte came.</summary>
    public long Silence => Environment.TickCount64 - Volatile.Read(ref _heard);

    /// <summary>There is something to write.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref _signalled, 1) == 0)
            _due.Release();
    }

    public async Task WaitAsync(CancellationToken ct)
    {
        await _due.WaitAsync(ct).ConfigureAwait(false);
        Volatile.Write(ref _signalled, 0);
    }

    public async Task WriteAsync(List<byte[]> frames, CancellationToken ct)
    {
        foreach (byte[] frame in frames)
        {
            if (frame.Length < WriteBuffer)
            {
                _output.Write(frame);
                continue;
            }
            await _output.FlushAsync(ct).ConfigureAwait(false);
            await stream.WriteAsync(frame, ct).ConfigureAwait(false);
        }
        await _output.FlushAsync(ct).ConfigureAwait(false);
        await stream.FlushAsync(ct).ConfigureAwait(false);
    }

    /// <summary>Hands over each frame that is whole, until there is none in what has come. One call reads once.</summary>
    /// <param name="most">The largest payload.</param>
    /// <param name="frame">Takes a payload, valid during the call. False: enough for now.</param>
    /// <param name="ct">Ends the wait.</param>
    public async Task ReadAsync(Func<int> most, Func<ReadOnlySequence<byte>, bool> frame, CancellationToken ct)
    {
        ReadResult read = await _input.ReadAsync(ct).ConfigureAwait(false);
        Volatile.Write(ref _heard, Environment.TickCount64);
        ReadOnlySequence<byte> bytes = read.Buffer;
        bool enough = false;
        while (!enough && TryCut(ref bytes, most(), out ReadOnlySequence<byte> payload))
            enough = !frame(payload);
        _input.AdvanceTo(bytes.Start, enough ? bytes.Start : bytes.End);
        if (!enough && read.IsCompleted)
            throw new EndOfStreamException("the daemon closed the connection");
    }

    /// <summary>As a network breaks it.</summary>
    public void Abort() => stream.Dispose();

    public async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync().ConfigureAwait(false);
        await _input.CompleteAsync().ConfigureAwait(false);
        _due.Dispose();
    }

    private static bool TryCut(ref ReadOnlySequence<byte> bytes, int most, out ReadOnlySequence<byte> payload)
    {
        payload = default;
        SequenceReader<byte> reader = new(bytes);
        if (!reader.TryReadBigEndian(out int size))
            return false;
        if (size < 1 || size > most)
            throw new BadFrameException($"a frame of {(uint)size} bytes is announced");
        if (bytes.Length < Prefix + (long)size)
            return false;
        payload = bytes.Slice(Prefix, size);
        bytes = bytes.Slice(Prefix + (long)size);
        return true;
    }
}
