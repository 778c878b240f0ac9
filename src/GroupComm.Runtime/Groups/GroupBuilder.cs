using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Runtime.Delivery;

namespace GroupComm.Runtime.Groups;

/// <summary>Collects what a member registers. A mistake throws where it is made, before anything is sent.</summary>
internal sealed class GroupBuilder : IGroupBuilder
{
    private const int MaxCapacity = 1 << 20;
    private const int MaxTypeId = 256;

    private readonly List<Action<Handlers, IMessageSerializer>> _typed = [];
    private readonly HashSet<string> _types = new(StringComparer.Ordinal);
    private readonly HashSet<string> _queries = new(StringComparer.Ordinal);
    private readonly Handlers _handlers = new();

    public GroupOptions Options { get; } = new();

    public IGroupBuilder Register<T>(Func<T, MessageContext, CancellationToken, ValueTask> handler, Func<T, object?>? conflictKey = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        string id = CheckedId<T>();
        if (!_types.Add(id))
            throw new InvalidOperationException($"type id '{id}' has a handler already; there is one per type");
        _handlers.HasKeys |= conflictKey is not null;
        _typed.Add((handlers, serializer) => handlers.Typed.Add(
            id, conflictKey is null ? new TypedHandler<T>(handler, serializer) : new KeyedHandler<T>(handler, conflictKey, serializer)));
        return this;
    }

    public IGroupBuilder RegisterBytes(Func<ReadOnlySequence<byte>, MessageContext, CancellationToken, ValueTask> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        if (_handlers.Bytes is not null)
            throw new InvalidOperationException("raw bytes have a handler already; there is one");
        _handlers.Bytes = new BytesHandler(handler);
        return this;
    }

    public IGroupBuilder RegisterQuery<TQuery, TReply>(Func<TQuery, MessageContext, CancellationToken, ValueTask<TReply>> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        string id = CheckedId<TQuery>();
        if (!_queries.Add(id))
            throw new InvalidOperationException($"queries of type id '{id}' have a handler already; there is one per type");
        _typed.Add((handlers, serializer) => handlers.Queries.Add(id, new QueryHandler<TQuery, TReply>(handler, serializer)));
        return this;
    }

    public IGroupBuilder RegisterState(Func<Stream, CancellationToken, Task> capture, Func<Stream, CancellationToken, Task> restore)
    {
        ArgumentNullException.ThrowIfNull(capture);
        ArgumentNullException.ThrowIfNull(restore);
        if (_handlers.Capture is not null)
            throw new InvalidOperationException("the state has a provider already; there is one");
        (_handlers.Capture, _handlers.Restore) = (capture, restore);
        return this;
    }

    public IGroupBuilder OnView(Func<GroupView, CancellationToken, ValueTask> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        if (_handlers.View is not null)
            throw new InvalidOperationException("views have a handler already; there is one");
        _handlers.View = handler;
        return this;
    }

    public IGroupBuilder OnReset(Func<CancellationToken, ValueTask> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        if (_handlers.Reset is not null)
            throw new InvalidOperationException("resets have a handler already; there is one");
        _handlers.Reset = handler;
        return this;
    }

    public IGroupBuilder UseEvents(int capacity = 1024)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, MaxCapacity);
        _handlers.EventCapacity = capacity;
        return this;
    }

    /// <summary>Instead of handlers: sees everything, of any type. Unless it states the group's options, it takes those that there are.</summary>
    public void Observe(IMemberObserver observer, bool statesOptions = false) => (_handlers.Observer, _handlers.StatesOptions) = (observer, statesOptions);

    private static string CheckedId<T>()
    {
        string id = MessageType<T>.Id;
        return id.Length is > 0 and <= MaxTypeId
            ? id
            : throw new ArgumentException($"the type id of {typeof(T)} has {id.Length} characters; 1 to {MaxTypeId} are allowed");
    }

    /// <summary>The limits of a consumer that stands still.</summary>
    public void CheckConsumer()
    {
        TimeSpan time = Options.SlowConsumerTimeout;
        if (time < TimeSpan.FromMilliseconds(200) || time > TimeSpan.FromHours(24))
            throw new ArgumentException($"SlowConsumerTimeout is {time}: 200 ms to 24 h");
        if (Options.SlowConsumerQueueLimit is < 64 << 10 or > 1L << 30)
            throw new ArgumentException($"SlowConsumerQueueLimit is {Options.SlowConsumerQueueLimit}: 64 KiB to 1 GiB");
    }

    public Handlers Build(IMessageSerializer serializer)
    {
        foreach (Action<Handlers, IMessageSerializer> add in _typed)
            add(_handlers, serializer);
        return _handlers;
    }

    public static NotSupportedException Later(string what) => new($"{what} comes with version 0.2");
}
