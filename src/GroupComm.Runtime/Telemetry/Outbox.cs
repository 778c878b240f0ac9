using System;
using System.Collections.Generic;
using System.Threading;

namespace GroupComm.Runtime.Telemetry;

/// <summary>
/// The way from a turn to listeners: their callbacks are foreign code that may block, so they run in the pool, one work item
/// at a time and in order. Bounded: a listener that is too slow loses values, and the loss is counted.
/// </summary>
internal sealed class Outbox : IThreadPoolWorkItem
{
    private const int Most = 4096;

    private readonly Lock _lock = new();
    private List<Action> _posted = [];
    private List<Action> _work = [];
    private bool _running;
    private long _dropped;

    /// <summary>What listeners were not told: too many at once, or they threw.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public void Drop() => Interlocked.Increment(ref _dropped);

    public void Post(Action tell)
    {
        lock (_lock)
        {
            if (_posted.Count >= Most)
            {
                Drop();
                return;
            }
            _posted.Add(tell);
            if (_running)
                return;
            _running = true;
        }
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (true)
        {
            lock (_lock)
            {
                if (_posted.Count == 0)
                {
                    _running = false;
                    return;
                }
                (_posted, _work) = (_work, _posted);
            }
            foreach (Action tell in _work)
                Tell(tell);
            _work.Clear();
        }
    }

    private void Tell(Action tell)
    {
        try
        {
            tell();
        }
        catch (Exception)
        {
            Drop(); // what a listener throws is its own affair
        }
    }
}
