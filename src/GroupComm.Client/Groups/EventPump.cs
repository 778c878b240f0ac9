using System;
using System.Diagnostics;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using GroupComm.Client.Frames;
using GroupComm.Client.Requests;
using GroupComm.Client.Sessions;
using Microsoft.Extensions.Logging;

namespace GroupComm.Client.Groups;

/// <summary>
/// What the daemon tells a member, handed to its handlers one at a time and in order, or side by side by conflict key. An event is
/// acknowledged when its handler has returned: so a slow one slows down the senders, as at a node.
/// </summary>
internal sealed partial class EventPump
{
    private readonly ClientGroup _group;
    private readonly GatewayLink _link;
    private readonly ILogger _log;
    private readonly Channel<Item> _queue = Channel.CreateUnbounded<Item>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Channel<GroupEvent>? _events;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _lastWords = new(); // the end is near: events wait for no reader
    private readonly StateTransfers _states;
    private readonly KeyedHandlers _keyed = new();
    private readonly TaskCompletionSource _joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ViewFrame? _latest;
    private volatile Standing? _standing;
    private volatile int _status = (int)GroupStatus.Joining;
    private volatile int _life;
    private volatile bool _over;
    private int _handling;
    private volatile bool _skip;
    private bool _resets;

    /// <summary>Where this member is.</summary>
    private sealed record Standing(MemberId Self, GroupView View);

    private enum Word
    {
        Frame,

        /// <summary>The session was lost.</summary>
        Lost,

        /// <summary>There will be no further connection.</summary>
        Ended,

        /// <summary>Left without the daemon's word.</summary>
        Finished,
    }

    private readonly record struct Item(Word Word, Frame? Frame, Handled Place, int Life, Exception? Error);

    public EventPump(ClientGroup group, GatewayLink link, ILogger log)
    {
        (_group, _link, _log) = (group, link, log);
        _states = new StateTransfers(link.Session, group.Handlers, _stop.Token);
        if (group.Handlers.EventCapacity > 0)
            _events = Channel.CreateBounded<GroupEvent>(new BoundedChannelOptions(group.Handlers.EventCapacity) { SingleReader = true });
    }

    public MemberId? Self => _standing?.Self;

    /// <summary>The latest view whose handlers have begun.</summary>
    public GroupView? View => _standing?.View;

    public GroupStatus Status => (GroupStatus)_status;

    /// <summary>The member is no member any more, and will be none.</summary>
    public bool IsOver => _over;

    /// <summary>Its end is its own wish.</summary>
    public bool IsLeaving => _group.IsLeaving;

    /// <summary>How often the session was lost.</summary>
    public int Life => _life;

    /// <summary>Completes with the first view; fails when the member ends before.</summary>
    public Task Joined => _joined.Task;

    /// <summary>Completes when the member is none any more.</summary>
    public Task Left => _left.Task;

    public bool IsHandling => Volatile.Read(ref _handling) > 0;

    public ChannelReader<GroupEvent>? Events => _events?.Reader;

    public void Start() => _ = Task.Run(RunAsync);

    /// <summary>An event came; by the session's reader.</summary>
    /// <returns>False: the member has ended, nobody handles it.</returns>
    public bool Add(Frame frame, Handled place)
    {
        if (frame is ViewFrame view)
            _latest = view;
        if (frame is Numbered { Kind: FrameKind.Cancel } cancel)
            _states.Cancel(cancel.Number);
        if (frame is Notice { Kind: FrameKind.Left })
            Ends();
        return _queue.Writer.TryWrite(new Item(Word.Frame, frame, place, _life, null));
    }

    /// <summary>The session was lost; by its reader, before anything of the new one.</summary>
    public void Lose()
    {
        _states.CancelAll();
        Interlocked.Increment(ref _life);
        _queue.Writer.TryWrite(new Item(Word.Lost, null, default, _life, null));
    }

    public void End(GatewayClosedException error)
    {
        _states.CancelAll();
        Ends();
        _queue.Writer.TryWrite(new Item(Word.Ended, null, default, _life, error));
    }

    public void Finish()
    {
        Ends();
        _queue.Writer.TryWrite(new Item(Word.Finished, null, default, _life, null));
    }

    /// <summary>Nothing comes any more.</summary>
    public void Stop() => _queue.Writer.TryComplete();

    /// <summary>Nothing waits for readers of events any more. A member that did not ask for its end drops what it has not handled,
    /// and the handler that does not return is told.</summary>
    private void Ends()
    {
        _ = _lastWords.CancelAsync();
        if (_group.IsLeaving)
            return;
        _skip = true;
        _ = _stop.CancelAsync(); // the application's callbacks are not for the session's reader
    }

    private async Task RunAsync()
    {
        try
        {
            await HandleAllAsync().ConfigureAwait(false);
        }
        catch (Exception error)
        {
            // A defect. The member ends, so that nobody waits for it for ever.
            ClientLog.Ended(_log, _group.Name, error.ToString());
            await OverAsync(GroupStatus.Excluded, new Left(), error).ConfigureAwait(false);
        }
    }

    private async Task HandleAllAsync()
    {
        HandlerScope.Current = _group;
        Activity.Current = null; // handlers do not belong to the trace of the join
        while (await _keyed.WaitAsync(_queue.Reader, EndKeyedAsync).ConfigureAwait(false))
        {
            while (_queue.Reader.TryRead(out Item item))
            {
                if (item.Word == Word.Frame && item.Life != _life)
                    continue; // of a session that is gone
                if (item.Frame is Delivery { Kind: FrameKind.Message } message && _group.Handlers.KeyedFor(message.Type) is { } read && View is { } view && !_skip)
                {
                    await BeginKeyedAsync(item, message, read, view).ConfigureAwait(false);
                    continue;
                }
                await _keyed.DrainAsync(EndKeyedAsync).ConfigureAwait(false);
                await HandleAsync(item).ConfigureAwait(false);
                if (item.Word == Word.Frame)
                    _link.Session.Handled(item.Place, inOrder: true);
            }
        }
    }

    private ValueTask HandleAsync(in Item item) => item.Frame switch
    {
        Delivery { Kind: FrameKind.Message } message => MessageAsync(message),
        Delivery query => AskAsync(query),
        ViewFrame view => ViewAsync(view),
        Notice notice => NoticeAsync(notice),
        Numbered { Kind: FrameKind.Reached } reached => Reached(reached.Number),
        Numbered { Kind: FrameKind.Capture } capture => Inside(_states.CaptureAsync(capture.Number)),
        Numbered { Kind: FrameKind.Restore } restore => _states.BeginRestoreAsync(restore.Number),
        Numbered { Kind: FrameKind.Cancel } cancel => _states.CancelledAsync(cancel.Number),
        Part part => _states.PartAsync(part),
        End end => Inside(_states.EndAsync(end)),
        null => WordAsync(item),
        _ => throw new InvalidOperationException($"unknown event {item.Frame.Kind}"),
    };

    private ValueTask Reached(long number)
    {
        _link.Reached(number);
        return default;
    }

    /// <summary>It is the application that works.</summary>
    private async ValueTask Inside(Task work)
    {
        Interlocked.Increment(ref _handling);
        try
        {
            await work.ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _handling);
        }
    }
}
