using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Core;
using GroupComm.Core.Streams;
using GroupComm.Runtime.Submit;
using GroupComm.Testing.Simulation;

namespace GroupComm.Testing.Kit;

/// <summary>The sends of a process: admitted at once, or first come first served when the gate opens.</summary>
internal sealed class KitSends
{
    // Virtual microseconds until those who wait try again.
    private const long Again = 1_000;

    private readonly KitProcess _process;
    private readonly Receipts _receipts;
    private readonly List<Waiter> _waiting = [];
    private bool _due;

    private sealed record Waiter(string Group, int Slot, string? TypeId, DeliveryOrder Order, ReadOnlyMemory<byte> Payload, bool FromHandler, int Life, KitTask<SendReceipt> Task);

    public KitSends(KitProcess process)
    {
        _process = process;
        _receipts = new Receipts(() => process.Scope.Value is not null, static () => { });
        Source = new KitReceipts(process, _receipts);
    }

    public KitReceipts Source { get; }

    public Receipts Receipts => _receipts;

    /// <summary>Why nothing can be sent between two lives.</summary>
    public string? Away { get; set; }

    public ValueTask<SendReceipt> Send(string group, int slot, string? typeId, DeliveryOrder order, ReadOnlyMemory<byte> payload, bool fromHandler, CancellationToken ct)
    {
        if (ct.IsCancellationRequested)
            return ValueTask.FromCanceled<SendReceipt>(ct);
        var waiter = new Waiter(group, slot, typeId, order, payload, fromHandler, _process.Node.Life, new KitTask<SendReceipt>(_process, ct));
        if ((!fromHandler && _waiting.Count > 0) || !Try(waiter))
        {
            _waiting.Add(waiter);
            RetryLater();
        }
        return new ValueTask<SendReceipt>(waiter.Task.Task);
    }

    public void End(Exception error)
    {
        foreach (Waiter waiter in _waiting.ToArray())
            waiter.Task.Fail(error);
        _waiting.Clear();
    }

    private void RetryLater()
    {
        if (_due)
            return;
        _due = true;
        _process.Later(Again, Retry);
    }

    private void Retry()
    {
        _due = false;
        Waiter[] waiting = [.. _waiting];
        _waiting.Clear();
        bool blocked = false; // those from outside keep their order
        foreach (Waiter waiter in waiting)
        {
            if (!waiter.Task.IsOpen)
                continue;
            if ((blocked && !waiter.FromHandler) || !Try(waiter))
            {
                blocked |= !waiter.FromHandler;
                _waiting.Add(waiter);
            }
        }
        if (_waiting.Count > 0)
            RetryLater();
    }

    private bool Try(Waiter send)
    {
        SimNode node = _process.Node;
        if (_process.Cluster.ClientsStopped && !send.FromHandler)
            return false; // the schedule ends
        if (Away is { } away)
        {
            send.Task.Fail(new NotPrimaryException(away));
            return true;
        }
        if (send.Life != node.Life)
        {
            send.Task.Fail(new ViewClosedException("the message waited in a view from which this node was excluded, and got no number; send it again"));
            return true;
        }
        if (node.FindGroup(send.Group) is not { } group)
        {
            send.Task.Fail(new InvalidOperationException($"the group '{send.Group}' does not exist (any more): it has no member"));
            return true;
        }
        Admission admission = node.Gate.TrySubmit(group.Number, send.Slot, send.TypeId, send.Order, send.Payload.Span, send.FromHandler, out ViewKey view, out long sequence);
        switch (admission)
        {
            case Admission.Wait or Admission.Closed:
                return false;
            case Admission.Admitted:
                if (!node.Primary)
                    node.AcceptedWhileNotPrimary++;
                send.Task.Done(new SendReceipt(new MessageId(node.Id, view.Id, sequence), Source));
                return true;
            case Admission.NotPrimary:
                send.Task.Fail(new NotPrimaryException(node.Gate.Reason));
                return true;
            case Admission.ReserveFull:
                send.Task.Fail(new InvalidOperationException("sends inside handlers have used up the reserve; send less per handled message, or outside of the handler"));
                return true;
            case Admission.NoMember:
                send.Task.Fail(new InvalidOperationException("this member has left the group: the message waited and was not sent"));
                return true;
            default:
                send.Task.Fail(new InvalidOperationException($"the group '{send.Group}' does not exist (any more): it has no member"));
                return true;
        }
    }
}

/// <summary>The runtime's receipts, with tasks that end on the simulation's thread.</summary>
internal sealed class KitReceipts(KitProcess process, Receipts receipts) : ISendReceiptSource
{
    public Task WhenDelivered(MessageId id) => Here(receipts.WhenDelivered(id));

    public Task WhenSafe(MessageId id) => Here(receipts.WhenSafe(id));

    public Task WhenDurable(MessageId id) => receipts.WhenDurable(id);

    private Task Here(Task task)
    {
        if (task.IsCompleted)
            return task;
        process.CheckThread();
        var here = new KitTask<bool>(process, CancellationToken.None);
        process.Pump.Enter(() =>
        {
            task.GetAwaiter().UnsafeOnCompleted(() =>
            {
                if (task.IsCompletedSuccessfully)
                    here.Done(true);
                else
                    here.Fail(task.Exception!.InnerException!);
            });
            return true;
        });
        return here.Task;
    }
}
