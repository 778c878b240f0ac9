using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Runtime.Submit;

/// <summary>
/// The stages of what this node sent. Both are cumulative per view, so a receipt is a number until somebody asks for its
/// task. A message of a view before the current one is delivered and safe: this node installed what followed, and by
/// virtual synchrony delivered all that it had sent.
/// </summary>
internal sealed class Receipts : ISendReceiptSource
{
    private readonly Lock _lock = new();
    private readonly Stage _delivered = new();
    private readonly Stage _safe = new();
    private readonly Func<bool> _insideHandler;
    private readonly Action _kick;
    private readonly List<EndedLife> _lives = [];
    private NodeId _self;
    private string? _ended;
    private int _asked;

    // A receipt of a life before these is answered as unknown.
    private const int KeptLives = 16;

    /// <summary>How far a life of the node had come when it ended.</summary>
    private sealed record EndedLife(NodeId Self, string Reason, MessageId Delivered, MessageId Safe);

    public Receipts(Func<bool> insideHandler, Action kick) => (_insideHandler, _kick) = (insideHandler, kick);

    /// <summary>Whether somebody has begun to wait for Safe since the last call: then the others are asked to acknowledge.</summary>
    public bool TakeAsked() => Volatile.Read(ref _asked) != 0 && Interlocked.Exchange(ref _asked, 0) != 0;

    public Task WhenDelivered(MessageId id) => _insideHandler()
        ? Failed(new InvalidOperationException(
            "Delivered is awaited inside a handler, which would hold up what it waits for; await it outside, or react to the delivery in its handler"))
        : When(_delivered, id);

    public Task WhenSafe(MessageId id)
    {
        Task safe = When(_safe, id);
        if (!safe.IsCompleted && Interlocked.Exchange(ref _asked, 1) == 0)
            _kick();
        return safe;
    }

    public Task WhenDurable(MessageId id) =>
        Failed(new NotSupportedException("Durable needs a durable group; this one keeps messages in memory (use Safe)"));

    public void Delivered(long sequence) => Reach(_delivered, sequence);

    public void Safe(long sequence) => Reach(_safe, sequence);

    /// <summary>The next view is installed: everything of the views before it is settled.</summary>
    public void Install(long view)
    {
        lock (_lock)
        {
            _delivered.Install(view);
            _safe.Install(view);
        }
    }

    /// <summary>The node was excluded or stopped: what is open stays unknown.</summary>
    public void End(string reason)
    {
        lock (_lock)
        {
            _ended ??= reason;
            _delivered.Fail(reason);
            _safe.Fail(reason);
        }
    }

    /// <summary>A life of the node is over and another follows: what is open stays unknown.</summary>
    public void Lose(string reason)
    {
        lock (_lock)
        {
            if (_lives.Count == KeptLives)
                _lives.RemoveAt(0);
            _lives.Add(new EndedLife(_self, reason, _delivered.At(_self), _safe.At(_self)));
            _delivered.Fail(reason);
            _safe.Fail(reason);
        }
    }

    /// <summary>A life of the node begins.</summary>
    public void Begin(NodeId self)
    {
        lock (_lock)
        {
            _self = self;
            _delivered.Install(0);
            _safe.Install(0);
        }
    }

    private Task When(Stage stage, MessageId id)
    {
        lock (_lock)
        {
            if (id.Sender != _self)
                return OfEndedLife(stage, id);
            if (id.View < stage.View || (id.View == stage.View && id.Sequence <= stage.Reached))
                return Task.CompletedTask;
            return _ended is null ? stage.Wait(id) : Failed(Unknown(_ended));
        }
    }

    private Task OfEndedLife(Stage stage, MessageId id)
    {
        if (_lives.Find(life => life.Self == id.Sender) is not { } life)
            return Failed(Unknown("its life ended long ago"));
        MessageId reached = stage == _delivered ? life.Delivered : life.Safe;
        return id.View < reached.View || (id.View == reached.View && id.Sequence <= reached.Sequence)
            ? Task.CompletedTask
            : Failed(Unknown(life.Reason));
    }

    private void Reach(Stage stage, long sequence)
    {
        lock (_lock)
            stage.Reach(sequence);
    }

    private static OutcomeUnknownException Unknown(string reason) =>
        new($"the message was numbered, then this node stopped ({reason}): the others may or may not have it");

    /// <summary>A failed task that nobody has to look at.</summary>
    private static Task Failed(Exception error)
    {
        Task task = Task.FromException(error);
        _ = task.Exception;
        return task;
    }

    private sealed class Stage
    {
        private readonly PriorityQueue<TaskCompletionSource, (long View, long Sequence)> _waiting = new();

        public long View { get; private set; }

        public long Reached { get; private set; }

        public MessageId At(NodeId self) => new(self, View, Reached);

        public Task Wait(MessageId id)
        {
            // Asked by many for the same message it makes one task each: rare, and simpler than a table.
            TaskCompletionSource task = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(task, (id.View, id.Sequence));
            return task.Task;
        }

        public void Reach(long sequence)
        {
            Reached = Math.Max(Reached, sequence);
            Settle();
        }

        public void Install(long view)
        {
            (View, Reached) = (view, 0);
            Settle();
        }

        public void Fail(string reason)
        {
            while (_waiting.TryDequeue(out TaskCompletionSource? task, out _))
            {
                task.SetException(Unknown(reason));
                _ = task.Task.Exception;
            }
        }

        private void Settle()
        {
            while (_waiting.TryPeek(out _, out (long View, long Sequence) at)
                && (at.View < View || (at.View == View && at.Sequence <= Reached)))
                _waiting.Dequeue().SetResult();
        }
    }
}
