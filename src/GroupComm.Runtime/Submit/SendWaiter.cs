using System;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;
using System.Threading.Tasks.Sources;

namespace GroupComm.Runtime.Submit;

/// <summary>A send that waits for admission: back-pressure is this wait. Pooled; free again when its result was read.</summary>
internal sealed class SendWaiter(SendQueue queue) : IValueTaskSource<SendReceipt>
{
    private ManualResetValueTaskSourceCore<SendReceipt> _core = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _cancellation;
    private long _began;
    private long _waited;

    public SendRequest Request { get; private set; }

    /// <summary>In the queue; changed under the queue's lock only.</summary>
    public bool Queued { get; set; }

    public ValueTask<SendReceipt> Begin(in SendRequest request)
    {
        Request = request;
        Queued = true;
        (_began, _waited) = (queue.Telemetry.WaitBegins(), 0);
        return new ValueTask<SendReceipt>(this, _core.Version);
    }

    /// <summary>After the waiter was queued: it may already be admitted, then the registration is just removed again.</summary>
    public void Watch(CancellationToken ct)
    {
        if (ct.CanBeCanceled)
            _cancellation = ct.UnsafeRegister(static (self, ct) => ((SendWaiter)self!).Cancel(ct), this);
    }

    public void Admit(in SendReceipt receipt)
    {
        _waited = _began == 0 ? 0 : Stopwatch.GetTimestamp() - _began;
        _core.SetResult(receipt);
    }

    public void Refuse(Exception error)
    {
        _core.SetException(error);
    }

    SendReceipt IValueTaskSource<SendReceipt>.GetResult(short token)
    {
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            // Waits for a cancellation that is under way, so that it cannot meet the next life of this object.
            _cancellation.Dispose();
            _cancellation = default;
            Request = default;
            _core.Reset();
            long waited = _waited;
            queue.Recycle(this);
            queue.Telemetry.WaitEnded(waited);
        }
    }

    ValueTaskSourceStatus IValueTaskSource<SendReceipt>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<SendReceipt>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void Cancel(CancellationToken ct)
    {
        if (!queue.Remove(this))
            return;
        OperationCanceledException cancelled = new("the wait for admission was cancelled; the message was not sent", ct);
        Request.Flight?.Refused(cancelled);
        Refuse(cancelled);
    }
}
