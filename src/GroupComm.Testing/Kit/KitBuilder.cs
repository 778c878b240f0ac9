using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Runtime.Groups;

namespace GroupComm.Testing.Kit;

/// <summary>
/// What a member registers. Everything goes through the runtime's own builder first, so that a mistake throws here what it
/// throws there.
/// </summary>
internal sealed class KitBuilder : IGroupBuilder
{
    private readonly GroupBuilder _checks = new();
    private readonly List<Action<IMessageSerializer>> _typed = [];
    private readonly Dictionary<string, KitHandler> _handlers = new(StringComparer.Ordinal);

    public GroupOptions Options => _checks.Options;

    public Func<GroupView, CancellationToken, ValueTask>? View { get; private set; }

    public Func<CancellationToken, ValueTask>? Reset { get; private set; }

    public Func<Stream, CancellationToken, Task>? Capture { get; private set; }

    public Func<Stream, CancellationToken, Task>? Restore { get; private set; }

    public bool HasEvents { get; private set; }

    /// <summary>Null: nothing is registered for it.</summary>
    public KitHandler? For(string? typeId) => _handlers.GetValueOrDefault(typeId ?? "");

    public IGroupBuilder Register<T>(Func<T, MessageContext, CancellationToken, ValueTask> handler, Func<T, object?>? conflictKey = null)
    {
        _checks.Register(handler, conflictKey);
        _typed.Add(serializer => _handlers.Add(MessageType<T>.Id, new KitTypedHandler<T>(handler, serializer)));
        return this;
    }

    public IGroupBuilder RegisterBytes(Func<ReadOnlySequence<byte>, MessageContext, CancellationToken, ValueTask> handler)
    {
        _checks.RegisterBytes(handler);
        _handlers.Add("", new KitBytesHandler(handler));
        return this;
    }

    public IGroupBuilder RegisterQuery<TQuery, TReply>(Func<TQuery, MessageContext, CancellationToken, ValueTask<TReply>> handler)
    {
        _checks.RegisterQuery(handler);
        return this;
    }

    public IGroupBuilder RegisterState(Func<Stream, CancellationToken, Task> capture, Func<Stream, CancellationToken, Task> restore)
    {
        _checks.RegisterState(capture, restore);
        (Capture, Restore) = (capture, restore);
        return this;
    }

    public IGroupBuilder OnView(Func<GroupView, CancellationToken, ValueTask> handler)
    {
        _checks.OnView(handler);
        View = handler;
        return this;
    }

    public IGroupBuilder OnReset(Func<CancellationToken, ValueTask> handler)
    {
        _checks.OnReset(handler);
        Reset = handler;
        return this;
    }

    public IGroupBuilder UseEvents(int capacity = 1024)
    {
        _checks.UseEvents(capacity);
        HasEvents = true;
        return this;
    }

    public void Build(IMessageSerializer serializer)
    {
        _checks.CheckConsumer();
        if (Options.HandlerFailurePolicy == HandlerFailurePolicy.Stop)
            throw new NotSupportedException("the kit does not run HandlerFailurePolicy.Stop: a handler that throws is a finding, or passed over with SimulationOptions.HandlersMayThrow");
        foreach (Action<IMessageSerializer> add in _typed)
            add(serializer);
    }
}
