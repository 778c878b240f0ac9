using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Client.Groups;

/// <summary>Collects what a member registers. A mistake throws where it is made, before anything is sent.</summary>
internal sealed class GroupBuilder : IGroupBuilder
{
    private const int MaxCapacity = 1 << 20;

    private readonly List<Action<Handlers, IMessageSerializer>> _typed = [];
    private readonly HashSet<string> _types = new(StringComparer.Ordinal);
    private readonly HashSet<string> _queries = new(StringComparer.Ordinal);
    private readonly Handlers _handlers = new();

    public GroupOptions Options { get; } = new();

    public IGroupBuilder Register<T>(Func<T, MessageContext, CancellationToken, ValueTask> handler, Func<T, object?>? conflictKey = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        string id = MessageType<T>.Checked;
        Once(_types.Add(id), $"type id '{id}' has a handler already; there is one per type");
        _typed.Add((handlers, serializer) =>
        {
            if (conflictKey is null)
                handlers.Typed.Add(id, (payload, context, ct) => handler(Handlers.Read<T>(serializer, payload), context, ct));
            else
                handlers.Keyed.Add(id, payload =>
                {
                    T message = Handlers.Read<T>(serializer, payload);
                    return new KeyedCall(conflictKey(message), (context, ct) => handler(message, context, ct));
                });
        });
        return this;
    }

    public IGroupBuilder RegisterBytes(Func<ReadOnlySequence<byte>, MessageContext, CancellationToken, ValueTask> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Once(_handlers.Bytes is null, "raw bytes have a handler already; there is one");
        _handlers.Bytes = (payload, context, ct) => handler(new ReadOnlySequence<byte>(payload), context, ct);
        return this;
    }

    public IGroupBuilder RegisterQuery<TQuery, TReply>(Func<TQuery, MessageContext, CancellationToken, ValueTask<TReply>> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        string id = MessageType<TQuery>.Checked;
        Once(_queries.Add(id), $"queries of type id '{id}' have a handler already; there is one per type");
        _typed.Add((handlers, serializer) => handlers.Queries.Add(id, async (payload, context, ct) =>
        {
            TReply reply = await handler(serializer.Deserialize<TQuery>(new ReadOnlySequence<byte>(payload)), context, ct).ConfigureAwait(false);
            ArrayBufferWriter<byte> bytes = new();
            serializer.Serialize(bytes, reply);
            return bytes.WrittenMemory;
        }));
        return this;
    }

    public IGroupBuilder RegisterState(Func<Stream, CancellationToken, Task> capture, Func<Stream, CancellationToken, Task> restore)
    {
        ArgumentNullException.ThrowIfNull(capture);
        ArgumentNullException.ThrowIfNull(restore);
        Once(_handlers.Capture is null, "the state has a provider already; there is one");
        (_handlers.Capture, _handlers.Restore) = (capture, restore);
        return this;
    }

    public IGroupBuilder OnView(Func<GroupView, CancellationToken, ValueTask> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Once(_handlers.View is null, "views have a handler already; there is one");
        _handlers.View = handler;
        return this;
    }

    public IGroupBuilder OnReset(Func<CancellationToken, ValueTask> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Once(_handlers.Reset is null, "resets have a handler already; there is one");
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

    public Handlers Build(IMessageSerializer serializer)
    {
        foreach (Action<Handlers, IMessageSerializer> add in _typed)
            add(_handlers, serializer);
        return _handlers;
    }

    private static void Once(bool first, string otherwise)
    {
        if (!first)
            throw new InvalidOperationException(otherwise);
    }
}
