using System;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Client.Frames;
using GroupComm.Client.Groups;

namespace GroupComm.Client.Requests;

/// <summary>A multicast under way, and the source of its receipt. The tasks of the stages are made when they are asked for.</summary>
internal sealed class PendingSend(ClientGroup? group, int tells) : Pending, ISendReceiptSource
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource<SendReceipt> _accepted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _delivered;
    private TaskCompletionSource? _safe;
    private Exception? _error;
    private int _reached;

    /// <summary>The message has a number.</summary>
    public Task<SendReceipt> Accepted => _accepted.Task;

    public override bool Reach(Receipt receipt)
    {
        TaskCompletionSource? waiting;
        bool all;
        lock (_lock)
        {
            _reached |= receipt.Stage;
            all = _reached == tells;
            waiting = receipt.Stage switch { FrameEncoder.TellDelivered => _delivered, FrameEncoder.TellSafe => _safe, _ => null };
        }
        waiting?.TrySetResult();
        if (receipt.Stage == FrameEncoder.TellAccepted)
            _accepted.TrySetResult(new SendReceipt(receipt.Id, this));
        return all;
    }

    public override void Fail(Exception error)
    {
        lock (_lock)
        {
            _error = error;
            Break(_delivered, error);
            Break(_safe, error);
        }
        if (_accepted.TrySetException(error))
            _ = _accepted.Task.Exception;
    }

    public Task WhenDelivered(MessageId id) => group is { IsInHandler: true }
        ? Failed(new InvalidOperationException(
            "Delivered is awaited inside a handler, which would hold up what it waits for; await it outside, or react to the delivery in its handler"))
        : When(FrameEncoder.TellDelivered, ref _delivered);

    public Task WhenSafe(MessageId id) => When(FrameEncoder.TellSafe, ref _safe);

    public Task WhenDurable(MessageId id) =>
        Failed(new NotSupportedException("Durable needs a durable group; this one keeps messages in memory (use Safe)"));

    private Task When(int stage, ref TaskCompletionSource? waiting)
    {
        if ((tells & stage) == 0)
            return Failed(new InvalidOperationException("the daemon was not asked to tell this stage: set it in GroupCommClientOptions.Receipts"));
        lock (_lock)
        {
            if ((_reached & stage) != 0)
                return Task.CompletedTask;
            if (_error is not null)
                return Failed(_error);
            return (waiting ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    private static void Break(TaskCompletionSource? waiting, Exception error)
    {
        if (waiting is not null && waiting.TrySetException(error))
            _ = waiting.Task.Exception;
    }

    /// <summary>A failed task that nobody has to look at.</summary>
    private static Task Failed(Exception error)
    {
        Task task = Task.FromException(error);
        _ = task.Exception;
        return task;
    }
}
