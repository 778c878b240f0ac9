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
    private readonly Handlers _handlers = new();

    public GroupOptions Options { get; } = new();

    /// <summary>Conflict keys only ever allow parallel handlers; until they do (version 0.2), all run in order.</summary>
    public IGroupBuilder Register<T>(Func<T, MessageContext, CancellationToken, ValueTask> handler, Func<T, object?>? conflictKey = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        string id = MessageType<T>.Id;
        if (id.Length is 0 or > MaxTypeId)
            throw new ArgumentException($"the type id of {typeof(T)} has {id.Length} characters; 1 to {MaxTypeId} are allowed");
        if (!_types.Add(id))
            throw new InvalidOperationException($"type id '{id}' has a handler already; there is one per type");
        _typed.Add((handlers, serializer) => handlers.Typed.Add(id, new TypedHandler<T>(handler, serializer)));
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

    public IGroupBuilder RegisterQuery<TQuery, TReply>(Func<TQuery, MessageContext, CancellationToken, ValueTask<TReply>> handler) =>
        throw Later("RegisterQuery");

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

    public IGroupBuilder OnReset(Func<CancellationToken, ValueTask> handler) => throw Later("OnReset (rejoin)");

    public IGroupBuilder UseEvents(int capacity = 1024)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, MaxCapacity);
        _handlers.EventCapacity = capacity;
        return this;
    }

    public Handlers Build(IMessageSerializer serializer)
    {
        foreach (Action<Handlers, IMessageSerializer> add in _typed)
            add(_handlers, serializer);
        return _handlers;
    }

    public static NotSupportedException Later(string what) => new($"{what} comes with version 0.2");
}
