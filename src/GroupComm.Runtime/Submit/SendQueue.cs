using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Core;
using GroupComm.Core.Streams;
using GroupComm.Runtime.Telemetry;
using GroupComm.Runtime.Turn;

namespace GroupComm.Runtime.Submit;

/// <summary>
/// The way of every send into the stream: admitted at once without allocation, or queued first come first served until
/// the gate opens. A send from inside a handler passes the queue: it must not wait for what waits for its handler.
/// </summary>
internal sealed class SendQueue
{
    // Groups that are closed for a change at the same time, before a round of retries gives up early.
    private const int BlockedGroups = 16;
    private const int IdleWaiters = 1024;

    private readonly Lock _lock = new();
    private readonly LinkedList<SendWaiter> _waiting = [];
    private readonly Stack<SendWaiter> _idle = new();
    private readonly HashSet<int> _blocked = [];
    private readonly Action<bool> _kick;
    private readonly ISendReceiptSource _receipts;
    private readonly Func<bool> _insideHandler;
    private volatile SubmitGate _gate = null!;
    private NodeId _self;
    private int _count;
    private int _opened;
    private volatile Func<Exception>? _ended;

    public SendQueue(Action<bool> kick, ISendReceiptSource receipts, Func<bool> insideHandler, NodeTelemetry telemetry) =>
        (_kick, _receipts, _insideHandler, Telemetry) = (kick, receipts, insideHandler, telemetry);

    public NodeTelemetry Telemetry { get; }

    /// <summary>Sends that wait for admission.</summary>
    public int Waiting => Volatile.Read(ref _count);

    /// <summary>A new life of the node: later sends, and those that wait, go through its gate.</summary>
    public void Attach(NodeId self, SubmitGate gate)
    {
        _self = self;
        _gate = gate;
    }

    public ValueTask<SendReceipt> Send(in SendRequest request, CancellationToken ct)
    {
        if (ct.IsCancellationRequested)
            return ValueTask.FromCanceled<SendReceipt>(ct);
        if (Telemetry.Listens && !request.Watched)
            return Send(Telemetry.Watch(request), ct);
        if (Volatile.Read(ref _count) == 0 || request.FromHandler)
        {
            if (Try(request, mayTake: true, out SendReceipt receipt, out Exception? error))
                return error is null ? new ValueTask<SendReceipt>(receipt) : ValueTask.FromException<SendReceipt>(error);
        }
        // Whoever sends inside a handler without its context would wait for itself.
        return !request.FromHandler && _insideHandler() ? Send(request with { FromHandler = true }, ct) : Wait(request, ct);
    }

    /// <summary>Called inside the gate's lock.</summary>
    public void MarkOpened() => Volatile.Write(ref _opened, 1);

    /// <summary>After a turn, without the core: tries those who wait again if anything opened.</summary>
    public void RetryIfOpened()
    {
        if (Volatile.Read(ref _opened) == 0)
            return;
        Volatile.Write(ref _opened, 0);
        if (Volatile.Read(ref _count) > 0)
            Retry();
    }

    /// <summary>The node stopped: those who wait are refused, and later ones too.</summary>
    public void End(Func<Exception> error)
    {
        _ended = error;
        Retry();
    }

    public bool Remove(SendWaiter waiter)
    {
        lock (_lock)
        {
            if (!waiter.Queued)
                return false;
            waiter.Queued = false;
            _waiting.Remove(waiter);
            _count--;
            return true;
        }
    }

    public void Recycle(SendWaiter waiter)
    {
        lock (_lock)
        {
            if (_idle.Count < IdleWaiters)
                _idle.Push(waiter);
        }
    }

    private ValueTask<SendReceipt> Wait(in SendRequest request, CancellationToken ct)
    {
        SendWaiter waiter;
        ValueTask<SendReceipt> task;
        lock (_lock)
        {
            if (!_idle.TryPop(out waiter!))
                waiter = new SendWaiter(this);
            task = waiter.Begin(request);
            _waiting.AddLast(waiter);
            _count++;
        }
        waiter.Watch(ct);
        Retry();
        return task;
    }

    // One thread at a time: holding the lock keeps the queue first come first served. Nothing foreign runs inside it:
    // waiters continue asynchronously.
    private void Retry()
    {
        lock (_lock)
        {
            _blocked.Clear();
            for (LinkedListNode<SendWaiter>? node = _waiting.First; node is not null && _blocked.Count < BlockedGroups;)
            {
                LinkedListNode<SendWaiter> at = node;
                node = node.Next;
                SendWaiter waiter = at.Value;
                if (_blocked.Contains(waiter.Request.Group))
                    continue;
                if (!Try(waiter.Request, mayTake: false, out SendReceipt receipt, out Exception? error))
                {
                    _blocked.Add(waiter.Request.Group);
                    continue;
                }
                _waiting.Remove(at);
                _count--;
                waiter.Queued = false;
                if (error is null)
                    waiter.Admit(receipt);
                else
                    waiter.Refuse(error);
            }
        }
    }

    /// <returns>False when it has to wait.</returns>
    private bool Try(in SendRequest request, bool mayTake, out SendReceipt receipt, out Exception? error)
    {
        receipt = default;
        error = null;
        if (_ended is not null)
        {
            error = _ended();
            request.Flight?.Refused(error);
            SendBuffers.Return(request.Writer);
            return true;
        }
        SubmitGate gate = _gate;
        Admission admission = gate.TrySubmit(
            request.Group, request.Slot, request.TypeId, request.Order, request.Payload.Span, request.FromHandler, out ViewKey view, out long sequence,
            request.Flight?.TraceParent);
        if (admission == Admission.Wait)
            return false;
        if (admission == Admission.Admitted)
        {
            request.Flight?.Admitted(view.Id, sequence);
            _kick(mayTake);
            receipt = new SendReceipt(new MessageId(_self, view.Id, sequence), _receipts);
        }
        else
        {
            error = Refusal(admission, gate.Reason);
            request.Flight?.Refused(error);
        }
        SendBuffers.Return(request.Writer);
        return true;
    }

    private static Exception Refusal(Admission admission, string reason) => admission switch
    {
        Admission.NotPrimary => new NotPrimaryException(reason),
        Admission.NoGroup => new InvalidOperationException("the group does not exist (any more): it has no member"),
        Admission.ReserveFull => new InvalidOperationException(
            $"sends inside handlers have used up the reserve of {SubmitGate.Reserve >> 20} MiB; send less per handled message, or outside of the handler"),
        Admission.Closed => new ExcludedException(reason),
        _ => throw new InvalidOperationException($"no refusal: {admission}"),
    };
}
