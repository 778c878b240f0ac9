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
    private readonly LinkedList<SendWaiter> _ofHandlers = []; // a view change is over for them while the window is shut for others
    private readonly Stack<SendWaiter> _idle = new();
    private readonly HashSet<int> _blocked = [];
    private readonly Action<bool> _kick;
    private readonly ISendReceiptSource _receipts;
    private readonly Func<bool> _insideHandler;
    private volatile Life _life = null!;
    private int _count;
    private int _opened;
    private volatile Func<Exception>? _ended;

    public SendQueue(Action<bool> kick, ISendReceiptSource receipts, Func<bool> insideHandler, NodeTelemetry telemetry) =>
        (_kick, _receipts, _insideHandler, Telemetry) = (kick, receipts, insideHandler, telemetry);

    public NodeTelemetry Telemetry { get; }

    /// <summary>Sends that wait for admission.</summary>
    public int Waiting => Volatile.Read(ref _count);

    /// <summary>One life of the node, replaced as a whole, so that a send meets one of them.</summary>
    private sealed record Life(int Number, NodeId Self, SubmitGate Gate, string? Away);

    /// <summary>Why nothing can be sent any more; null while the node may be heard of again.</summary>
    public Exception? Over => _ended?.Invoke();

    /// <summary>Why nothing can be sent between two lives; null when the node is not between lives.</summary>
    public string? Away => _life.Away;

    /// <summary>
    /// A new life of the node begins: later sends go through its gate, those that wait for an older one are refused. With
    /// <paramref name="away"/> every send is refused with that reason until <see cref="Arrive"/>.
    /// </summary>
    public void Attach(int number, NodeId self, SubmitGate gate, string? away)
    {
        _life = new Life(number, self, gate, away);
        Retry();
    }

    /// <summary>The new life has its first view.</summary>
    public void Arrive()
    {
        if (_life.Away is not null)
            _life = _life with { Away = null };
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

    /// <summary>Own bytes that the slowest member has not consumed.</summary>
    public long Unconsumed => _life.Gate.Unconsumed;

    /// <summary>As a send that met a closed gate: it begins in the queue.</summary>
    internal ValueTask<SendReceipt> SendQueued(in SendRequest request) => Wait(request, CancellationToken.None);

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
            QueueOf(waiter).Remove(waiter);
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
            QueueOf(waiter).AddLast(waiter);
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
            Retry(_ofHandlers, int.MaxValue);
            Retry(_waiting, BlockedGroups);
        }
    }

    private void Retry(LinkedList<SendWaiter> queue, int most)
    {
        _blocked.Clear();
        for (LinkedListNode<SendWaiter>? node = queue.First; node is not null && _blocked.Count < most;)
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
            queue.Remove(at);
            _count--;
            waiter.Queued = false;
            if (error is null)
                waiter.Admit(receipt);
            else
                waiter.Refuse(error);
        }
    }

    // Who sends inside a handler must not stand behind those who wait for what the handler holds.
    private LinkedList<SendWaiter> QueueOf(SendWaiter waiter) => waiter.Request.FromHandler ? _ofHandlers : _waiting;

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
        Life life = _life;
        error = life.Away is { } away ? new NotPrimaryException(away) : null;
        if (request.Life != 0 && request.Life != life.Number)
            error = new ViewClosedException("the message waited in a view from which this node was excluded, and got no number; send it again");
        if (error is not null)
        {
            request.Flight?.Refused(error);
            SendBuffers.Return(request.Writer);
            return true;
        }
        Admission admission = life.Gate.TrySubmit(
            request.Group, request.Slot, request.TypeId, request.Order, request.Payload.Span, request.FromHandler, out ViewKey view, out long sequence,
            traceParent: request.Flight?.TraceParent);
        // Closed: the turn that ends this life is under way, and says what follows.
        if (admission is Admission.Wait or Admission.Closed)
            return false;
        if (admission == Admission.Admitted)
        {
            request.Flight?.Admitted(view.Id, sequence);
            _kick(mayTake);
            receipt = new SendReceipt(new MessageId(life.Self, view.Id, sequence), _receipts);
        }
        else
        {
            error = Refusal(admission, life.Gate.Reason);
            request.Flight?.Refused(error);
        }
        SendBuffers.Return(request.Writer);
        return true;
    }

    private static Exception Refusal(Admission admission, string reason) => admission switch
    {
        Admission.NotPrimary => new NotPrimaryException(reason),
        Admission.NoGroup => new InvalidOperationException("the group does not exist (any more): it has no member"),
        Admission.NoMember => new InvalidOperationException("this member has left the group: the message waited and was not sent"),
        Admission.ReserveFull => new InvalidOperationException(
            $"sends inside handlers have used up the reserve of {CoreLimits.Reserve >> 20} MiB; send less per handled message, or outside of the handler"),
        _ => throw new InvalidOperationException($"no refusal: {admission}"),
    };
}
