using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Runtime.Tests;

/// <summary>A replicated state: the texts in the order of delivery, and as much ballast as a test wants.</summary>
internal sealed class Ledger(int ballast = 0)
{
    private readonly Recorder _recorder = new();
    private readonly Lock _lock = new();
    private List<string> _texts = [];

    /// <summary>Runs at each write of ballast; may wait or throw.</summary>
    public Func<int, Task>? WhileCaptured { get; set; }

    /// <summary>Runs at the start of each restore; may wait or throw.</summary>
    public Func<Task>? WhileRestored { get; set; }

    public int Captures { get; private set; }

    /// <summary>Of the capture under way.</summary>
    public CancellationToken Cancelled { get; private set; }

    public int Restores { get; private set; }

    public int LastBallast { get; private set; }

    public Recorder Handled => _recorder;

    public string[] Texts
    {
        get
        {
            lock (_lock)
                return [.. _texts];
        }
    }

    public IGroupBuilder Register(IGroupBuilder builder) => builder.RegisterBytes(Handle).RegisterState(CaptureAsync, RestoreAsync);

    private ValueTask Handle(ReadOnlySequence<byte> payload, MessageContext context, CancellationToken ct)
    {
        string text = Encoding.UTF8.GetString(payload);
        lock (_lock)
            _texts.Add(text);
        _recorder.Add(text);
        return ValueTask.CompletedTask;
    }

    private async Task CaptureAsync(Stream stream, CancellationToken ct)
    {
        (Captures, Cancelled) = (Captures + 1, ct);
        await using BinaryWriter writer = new(stream, Encoding.UTF8, leaveOpen: true);
        string[] texts = Texts;
        writer.Write(texts.Length);
        foreach (string text in texts)
            writer.Write(text);
        writer.Write(ballast);
        writer.Flush();
        byte[] block = new byte[100_000];
        for (int left = ballast, i = 0; left > 0; left -= block.Length, i++)
        {
            if (WhileCaptured is not null)
                await WhileCaptured(i);
            new Random(i).NextBytes(block);
            await stream.WriteAsync(block.AsMemory(0, Math.Min(left, block.Length)), ct);
        }
    }

    private async Task RestoreAsync(Stream stream, CancellationToken ct)
    {
        Restores++;
        if (WhileRestored is not null)
            await WhileRestored();
        List<string> texts = [];
        using BinaryReader reader = new(stream, Encoding.UTF8, leaveOpen: true);
        if (stream == Stream.Null)
        {
            lock (_lock)
                _texts = texts;
            return;
        }
        for (int count = reader.ReadInt32(); count > 0; count--)
            texts.Add(reader.ReadString());
        int expected = reader.ReadInt32(), got = 0;
        byte[] block = new byte[100_000], wanted = new byte[block.Length];
        for (int i = 0; got < expected; i++)
        {
            int size = Math.Min(block.Length, expected - got);
            await stream.ReadExactlyAsync(block.AsMemory(0, size), ct);
            new Random(i).NextBytes(wanted);
            if (!block.AsSpan(0, size).SequenceEqual(wanted.AsSpan(0, size)))
                throw new InvalidDataException($"block {i} is damaged");
            got += size;
        }
        LastBallast = got;
        lock (_lock)
            _texts = texts;
    }
}
