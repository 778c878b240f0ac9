using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using GroupComm.Runtime.Delivery;

namespace GroupComm.Testing.Kit;

/// <summary>
/// A member: handles views, messages, captures and events one after the other, as the runtime's pump does. After each message
/// and view its replica is compared. While it awaits its state it handles nothing.
/// </summary>
internal sealed partial class KitMember
{
    private readonly KitProcess _process;
    private readonly KitApp _app;
    private readonly Queue<KitItem> _queue = new();
    private readonly KitTask<IGroup> _joined;
    private readonly List<KitTask<bool>> _leaving = [];
    private readonly CancellationTokenSource _stop = new();
    private bool _running;
    private bool _due;
    private GroupStatus? _ended;

    public KitMember(KitProcess process, string name, KitBuilder builder, IMessageSerializer serializer, CancellationToken ct)
    {
        (_process, _app, Name, Builder) = (process, process.App, name, builder);
        Group = new KitGroup(process, this, serializer);
        _joined = new KitTask<IGroup>(process, ct);
        // Written to on the simulation's thread only: a reader goes on right there.
        if (builder.HasEvents)
            Events = Channel.CreateUnbounded<GroupEvent>(new UnboundedChannelOptions { SingleReader = true, AllowSynchronousContinuations = true });
    }

    public string Name { get; }

    public KitBuilder Builder { get; }

    public KitGroup Group { get; }

    public Channel<GroupEvent>? Events { get; }

    public Task<IGroup> Joined => _joined.Task;

    public int Slot { get; set; }

    public string MemberName => Builder.Options.MemberName ?? $"m{Slot}";

    /// <summary>The latest view whose handler has begun.</summary>
    public LocalGroupView? View { get; private set; }

    public MemberId Self => new(View?.Self ?? _process.Node.Id, MemberName);

    /// <summary>Between two lives of the node.</summary>
    public GroupStatus? Away { get; set; }

    public GroupStatus Status => _ended ?? Away ?? (View is null ? GroupStatus.Joining : _process.IsPrimary ? GroupStatus.Active : GroupStatus.NotPrimary);

    public bool IsBusy => _ended is null && (_running || (_queue.Count > 0 && !_held));

    /// <summary>It is on its way out: what it sends may meet a group that has ended.</summary>
    public bool IsLeaving => _ended is not null || _leaving.Count > 0 || _process.Node.LeaveAsked;

    public void CheckActive()
    {
        if (_ended is { } ended)
            throw ended == GroupStatus.Excluded
                ? new ExcludedException("the others went on without this node")
                : new InvalidOperationException($"this member has left group '{Name}'");
        if (View is null)
            throw new InvalidOperationException("the member has no view yet: send after JoinAsync completed");
        if (Away is not null)
            throw new NotPrimaryException(_process.Sends.Away ?? $"the node is back in the cluster, its member not yet in group '{Name}'");
    }

    public void FailJoin(Exception error) => _joined.Fail(error);

    public Task LeaveAsync(CancellationToken ct)
    {
        if (_ended is not null)
            return Task.CompletedTask;
        var left = new KitTask<bool>(_process, ct);
        _leaving.Add(left);
        _process.Cluster.LeaveMember(_process.Node, Name);
        return left.Task;
    }

    public void Push(KitItem item)
    {
        _queue.Enqueue(item);
        Kick();
    }

    private void Kick()
    {
        if (_running || _due || _held || _queue.Count == 0)
            return;
        _due = true;
        _process.Later(_app.Cluster.DrawConsumerDelay(), Pump);
    }

    private void Pump()
    {
        _due = false;
        while (!_running && !_held && !_due && _queue.TryDequeue(out KitItem? item))
        {
            Begin(item);
            _process.Pump.Drain(); // what handlers woke comes before the next message
            int delay = _queue.Count > 0 && !_running ? _app.Cluster.DrawConsumerDelay() : 0;
            if (delay == 0)
                continue;
            _due = true;
            _process.Later(delay, Pump);
        }
    }

    private void Begin(KitItem item)
    {
        if (_ended is not null)
        {
            _queue.Enqueue(item);
            DropQueue();
            return;
        }
        CheckUntouched();
        switch (item)
        {
            case KitMessage message:
                Handle(message);
                break;
            case KitView view:
                Handle(view);
                break;
            case KitCapture capture:
                Handle(capture);
                break;
            case KitEmpty:
                RestoreNothing();
                break;
            case KitNotice notice:
                Handle(notice);
                break;
            case KitMark mark:
                mark.Reached();
                break;
            default:
                throw new InvalidOperationException($"unhandled item {item}");
        }
    }

    private void Handle(KitMessage message)
    {
        if (Builder.For(message.TypeId) is not { } handler)
        {
            message.Unit.Open--; // an unknown type is passed over, as in the runtime
            return;
        }
        string text = _app.Compares ? Describe(handler, message) : "a message";
        var context = new KitContext(this, message);
        _app.Handled++;
        Run($"the handler of {text}", () => handler.Handle(message.Payload, context, _stop.Token), () =>
        {
            context.End();
            message.Unit.Open--;
            _process.CreditLater();
            if (_app.Compares)
                Handled(KitHistory.Hash(message.Id.ToString()), text, isMessage: true);
            Tell(new MessageDelivered(message.Id, message.Sender, message.Order, message.TypeId, message.Bytes, message.Position));
        });
    }

    private static string Describe(KitHandler handler, KitMessage message)
    {
        string number = message.Number > 0 ? $", agreed number {message.Number}" : "";
        try
        {
            return $"{handler.Describe(message.Payload)} ({message.Id}, {message.Order.ToString().ToLowerInvariant()}{number})";
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return $"a message that is not readable as its type ({message.Id}): {error.Message}";
        }
    }

    private void Handle(KitView item)
    {
        GroupView view = item.View.View;
        View = item.View;
        Away = null;
        string text = $"view {view.Id} of {Name} [{string.Join(" ", view.Members)}]";
        Run($"the handler of {text}", () => Builder.View?.Invoke(view, _stop.Token) ?? default, () =>
        {
            _joined.Done(Group);
            Handled(KitHistory.Hash($"{view.Token}"), text, isMessage: false);
            Tell(new ViewInstalled(view));
        });
    }

    private void Handle(KitNotice notice)
    {
        bool forgets = notice.Event is Reset && Builder is { Restore: null, Reset: not null };
        Run("OnReset", () => forgets ? Builder.Reset!(_stop.Token) : default, () =>
        {
            if (forgets)
                Forget();
            Tell(notice.Event);
            if (notice.Ends is not { } status)
                return;
            End(status, new JoinException(JoinStep.Admission, $"'{Name}' was not joined: the node or member ended first ({notice.Event.GetType().Name}); start a node again"));
        });
    }

    public void End(GroupStatus status, Exception joinError)
    {
        if (_ended is not null)
            return;
        (_ended, _digest) = (status, null);
        DropQueue();
        _joined.Fail(joinError);
        foreach (KitTask<bool> leaving in _leaving)
            leaving.Done(true);
        Events?.Writer.TryComplete();
        _stop.Cancel();
    }

    private void DropQueue()
    {
        foreach (KitItem item in _queue)
            if (item is KitMessage message)
                message.Unit.Open--;
            else if (item is KitMark mark)
                mark.Reached();
        _queue.Clear();
        _process.CreditLater();
    }

    private void Tell(GroupEvent what) => Events?.Writer.TryWrite(what);

    /// <summary>Calls user code; nothing else of this member begins before it has ended.</summary>
    private void Run(string what, Func<ValueTask> code, Action end)
    {
        _running = true;
        _process.Call(what, this, code, error =>
        {
            _running = false;
            if (error is not null && !(error is OperationCanceledException && _stop.IsCancellationRequested) && !(IsLeaving && error is InvalidOperationException))
                _app.Failed(_process, what, error);
            end();
            Kick();
        });
    }
}
