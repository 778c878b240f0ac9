using System;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using GroupComm.Core.Flow;
using GroupComm.Core.Messages;
using GroupComm.Runtime.Groups;
using GroupComm.Runtime.Telemetry;

namespace GroupComm.Runtime.Delivery;

/// <summary>
/// A member on this node: what was delivered to it and not yet handled, and the pump that hands it to its handlers, one at
/// a time and in order, or side by side by conflict key. The core never waits for it: a slow member stops credit, nothing else.
/// </summary>
internal sealed partial class Member : IThreadPoolWorkItem
{
    private readonly ItemQueue _queue = new();
    private readonly Handlers _handlers;
    private readonly IMemberOwner _owner;
    private readonly HandlerWatch _timing;
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<GroupEvent>? _events;
    private readonly KeyedWork? _keys;
    private readonly DeliveryContext _context;
    private readonly ExecutionContext _scope;
    private readonly ContextCallback _loop;
    private readonly Action _resume;
    private readonly TaskCompletionSource<IGroup> _joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile LocalGroupView? _view;
    private volatile LocalGroupView? _latest;
    private int _ended = -1;
    private int _away = -1;

    public Member(int slot, string name, GroupHandle handle, GroupOptions options, Handlers handlers, IMemberOwner owner)
    {
        (Slot, Name, Handle, Options, _handlers, _owner) = (slot, name, handle, options, handlers, owner);
        _context = new DeliveryContext(this);
        _timing = owner.Telemetry.NewHandlerWatch(this);
        _scope = HandlerScope.Capture(this);
        _loop = static self => ((Member)self!).Loop();
        _resume = () => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        if (handlers.EventCapacity > 0)
            _events = Channel.CreateBounded<GroupEvent>(new BoundedChannelOptions(handlers.EventCapacity) { SingleReader = true });
        if (handlers.HasKeys)
            _keys = new KeyedWork(this, _events?.Writer);
        _watch = new ConsumerWatch(
            (long)options.SlowConsumerTimeout.TotalMilliseconds, options.SlowConsumerPolicy == SlowConsumerPolicy.Remove, options.SlowConsumerQueueLimit);
    }

    public int Slot { get; }

    public string Name { get; }

    public GroupHandle Handle { get; }

    public GroupOptions Options { get; }

    /// <summary>What asks for this membership. An observer takes the group as it is, and states no options of its own.</summary>
    public GroupChange JoinChange => new(
        Join: true, Handle.Name, Slot, Name,
        _handlers.StatesOptions ? new GroupTraits(Options.Open, Options.AgreedOnly, Options.StartEmptyWhenStateIsLost) : null, "join",
        Provider: _handlers.Capture is not null);

    /// <summary>The latest view whose handlers have begun; null before the first.</summary>
    public LocalGroupView? View => _view;

    /// <summary>Completes with the first view, fails when the join is refused.</summary>
    public Task<IGroup> Joined => _joined.Task;

    /// <summary>Completes with the member's last notice.</summary>
    public Task Left => _left.Task;

    /// <summary>The status after the member's end; null while it lives.</summary>
    public GroupStatus? Ended => Volatile.Read(ref _ended) is >= 0 and int status ? (GroupStatus)status : null;

    /// <summary>The status between two lives of the node; null inside one.</summary>
    public GroupStatus? Away => Volatile.Read(ref _away) is >= 0 and int status ? (GroupStatus)status : null;

    /// <summary>It was in a view in some life of the node; the core's owner only.</summary>
    public bool WasIn { get; set; }

    /// <summary>It asked to leave; the core's owner only.</summary>
    public bool IsLeaving { get; set; }

    /// <summary>Where events are read; null without them.</summary>
    public ChannelReader<GroupEvent>? Events => _events?.Reader;

    /// <summary>Whether the pump may run on a thread that has other duties.</summary>
    public bool IsQuick => _speed.IsQuick;

    /// <summary>Items that wait for the pump.</summary>
    public int Queued => _queue.Count;

    /// <summary>True when the caller has to run the pump.</summary>
    public bool Add(in DeliveryItem item)
    {
        if (item.Notice?.View is { } view)
            _latest = view;
        if (item.Notice?.Ends is not null)
            GiveUpStates();
        return _queue.Add(_buffering ? Credited(item) : item);
    }

    /// <summary>The join was refused; there is no pump yet.</summary>
    public void Refuse(Exception error)
    {
        FailJoin(error);
        Volatile.Write(ref _ended, (int)GroupStatus.Left);
        _left.TrySetResult();
        _events?.Writer.TryComplete(error);
    }

    /// <summary>Runs the pump on this thread: until nothing is left, a handler waits, or, when
    /// <paramref name="briefly"/>, the time for borrowed threads is over; then it goes on in the pool.</summary>
    public void Run(bool briefly)
    {
        _briefly = briefly;
        ExecutionContext.Run(_scope, _loop, this);
    }

    /// <summary>Runs the pump in the pool.</summary>
    public void RunInPool() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    public bool IsOn(IMemberOwner owner) => ReferenceEquals(owner, _owner);

    /// <summary>Any of its handlers is at work, that of views too.</summary>
    public bool IsInHandler => _phase is Phase.Message or Phase.MessageWaits or Phase.NoticeWaits;

    /// <summary>A message is being handled.</summary>
    public bool IsHandling => _phase is Phase.Message or Phase.MessageWaits || _keys is { IsBusy: true };

    private void FailJoin(Exception error)
    {
        if (_joined.TrySetException(error))
            _ = _joined.Task.Exception;
    }

    void IThreadPoolWorkItem.Execute() => Run(briefly: false);
}
