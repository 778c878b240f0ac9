using System;
using System.Buffers;
using System.Buffers.Binary;
using System.IO;
using System.IO.Hashing;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Daemon.Serve;

/// <summary>
/// What a node with <c>--load</c> remembers: how many messages there were, a sum of their hashes, which no order changes, and as many bytes as
/// were asked for. Whoever is given it looks at every byte. Touched by handlers, captures and restores of one member, which never overlap.
/// </summary>
internal sealed class LoadState(LoadOptions options)
{
    private const int Chunk = 1 << 20;
    private const int Head = 16;

    private readonly XxHash64 _hash = new();
    private long _count;
    private ulong _sum;

    public void Add(in ReadOnlySequence<byte> payload)
    {
        foreach (ReadOnlyMemory<byte> part in payload)
            _hash.Append(part.Span);
        _count++;
        _sum = unchecked(_sum + _hash.GetCurrentHashAsUInt64());
        _hash.Reset();
    }

    public async Task CaptureAsync(Stream stream, CancellationToken ct)
    {
        byte[] head = new byte[Head];
        BinaryPrimitives.WriteInt64LittleEndian(head, _count);
        BinaryPrimitives.WriteUInt64LittleEndian(head.AsSpan(8), _sum);
        await stream.WriteAsync(head, ct).ConfigureAwait(false);
        byte[] chunk = new byte[Chunk];
        for (int i = 0; i < options.StateMiB; i++)
        {
            await Task.Delay(options.StateMs / options.StateMiB, ct).ConfigureAwait(false);
            Array.Fill(chunk, Filling(i));
            await stream.WriteAsync(chunk, ct).ConfigureAwait(false);
        }
    }

    public async Task RestoreAsync(Stream stream, CancellationToken ct)
    {
        byte[] head = new byte[Head];
        await stream.ReadExactlyAsync(head, ct).ConfigureAwait(false);
        (_count, _sum) = (BinaryPrimitives.ReadInt64LittleEndian(head), BinaryPrimitives.ReadUInt64LittleEndian(head.AsSpan(8)));
        byte[] chunk = new byte[Chunk];
        for (int i = 0; i < options.StateMiB; i++)
        {
            await stream.ReadExactlyAsync(chunk, ct).ConfigureAwait(false);
            if (chunk.AsSpan().IndexOfAnyExcept(Filling(i)) is >= 0 and int at)
                throw new InvalidDataException($"the state has a wrong byte at {Head + ((long)i * Chunk) + at}");
        }
    }

    private byte Filling(int chunk) => (byte)(_sum + (ulong)chunk);
}
