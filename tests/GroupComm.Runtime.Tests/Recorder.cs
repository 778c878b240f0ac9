using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Runtime.Tests;

/// <summary>What one member was handed, as text, and a way to wait for it.</summary>
internal sealed class Recorder
{
    private readonly Lock _lock = new();
    private readonly List<string> _texts = [];
    private readonly List<(int Count, TaskCompletionSource Done)> _waiting = [];

    public string[] Texts
    {
        get
        {
            lock (_lock)
                return [.. _texts];
        }
    }

    public ValueTask Handle(ReadOnlySequence<byte> payload, MessageContext context, CancellationToken ct)
    {
        Add(Encoding.UTF8.GetString(payload));
        return ValueTask.CompletedTask;
    }

    public void Add(string text)
    {
        lock (_lock)
        {
            _texts.Add(text);
            foreach ((int count, TaskCompletionSource done) in _waiting)
                if (_texts.Count >= count)
                    done.TrySetResult();
        }
    }

    public async Task<string[]> WaitAsync(int count)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _waiting.Add((count, done));
            if (_texts.Count >= count)
                done.TrySetResult();
        }
        try
        {
            await done.Task.WaitAsync(TestCluster.Limit, TestCluster.Ct);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{Texts.Length} of {count} arrived, the last {Texts.LastOrDefault()}");
        }
        return Texts;
    }

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
