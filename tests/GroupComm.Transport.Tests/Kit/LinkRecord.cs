using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Transport.Tests.Kit;

/// <summary>What a sink heard of one link, and the check that its calls come one at a time and end with OnClosed.</summary>
internal sealed class LinkRecord(IFrameLink link)
{
    private readonly Lock _lock = new();
    private readonly List<byte[]> _frames = [];
    private readonly List<(int Count, TaskCompletionSource Reached)> _waits = [];
    private readonly TaskCompletionSource<CloseReason> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _inside;
    private int _closes;

    public IFrameLink Link => link;

    public int Batches { get; private set; }

    public string? Broken { get; private set; }

    public int Closes => Volatile.Read(ref _closes);

    public Task<CloseReason> Closed => _closed.Task.WaitAsync(Soon.Limit);

    public byte[][] Frames
    {
        get
        {
            lock (_lock)
                return [.. _frames];
        }
    }

    /// <summary>Completes when that many frames have come.</summary>
    public Task FramesAsync(int count)
    {
        lock (_lock)
        {
            if (_frames.Count >= count)
                return Task.CompletedTask;
            TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _waits.Add((count, reached));
            return reached.Task.WaitAsync(Soon.Limit);
        }
    }

    public void Enter(string call)
    {
        if (Interlocked.Increment(ref _inside) != 1)
            Broken = $"{call} overlaps another call";
        if (Closes > 0)
            Broken = $"{call} after OnClosed";
        if (RecordingSink.CallerIsInside)
            Broken = $"{call} on the stack of a caller of the link";
    }

    public void Leave() => Interlocked.Decrement(ref _inside);

    public void AddFrame(byte[] frame)
    {
        lock (_lock)
        {
            _frames.Add(frame);
            foreach ((int count, TaskCompletionSource reached) in _waits)
                if (_frames.Count >= count)
                    reached.TrySetResult();
        }
    }

    public void AddBatch() => Batches++;

    public void AddClose(CloseReason reason)
    {
        Interlocked.Increment(ref _closes);
        _closed.TrySetResult(reason);
    }
}
