using System;
using System.Collections.Generic;
using System.Threading;

namespace GroupComm.Testing.Kit;

/// <summary>
/// Runs what user code goes on with after an await, on the simulation's one thread and at the same virtual time. What comes from
/// another thread is noted: it cannot be replayed.
/// </summary>
internal sealed class KitPump : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _ready = new();
    private int _thread;
    private volatile bool _foreign;

    /// <summary>Something came from another thread.</summary>
    public bool IsForeign => _foreign;

    /// <summary>The calling code runs on the simulation's thread.</summary>
    public bool IsHere => Environment.CurrentManagedThreadId == _thread;

    public void Begin()
    {
        _thread = Environment.CurrentManagedThreadId;
        lock (_ready)
            _ready.Clear();
        _foreign = false;
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (!IsHere)
        {
            _foreign = true; // and never run: nobody could say when
            return;
        }
        lock (_ready)
            _ready.Enqueue((d, state));
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("the simulation has one thread: post instead of waiting for it");

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Calls user code, so that what it awaits comes back here.</summary>
    public T Enter<T>(Func<T> code)
    {
        SynchronizationContext? before = Current;
        SetSynchronizationContext(this);
        try
        {
            return code();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    /// <summary>Runs what is ready, and what becomes ready by it.</summary>
    public void Drain()
    {
        SynchronizationContext? before = Current;
        try
        {
            while (true)
            {
                (SendOrPostCallback Callback, object? State) next;
                lock (_ready)
                    if (!_ready.TryDequeue(out next))
                        return;
                SetSynchronizationContext(this);
                next.Callback(next.State);
            }
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }
}
