using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Runtime.Delivery;

/// <summary>What a member registered; fixed once it joins.</summary>
internal sealed class Handlers
{
    private IMemberObserver? _observer;
    private ObserverHandler? _observing;
    private QueryObserverHandler? _answering;

    public Dictionary<string, MessageHandler> Typed { get; } = new(StringComparer.Ordinal);

    /// <summary>Some type has conflict keys.</summary>
    public bool HasKeys { get; set; }

    public MessageHandler? Bytes { get; set; }

    public Func<GroupView, CancellationToken, ValueTask>? View { get; set; }

    /// <summary>Forgets what an earlier life of the node knew.</summary>
    public Func<CancellationToken, ValueTask>? Reset { get; set; }
    /// <summary>Both or none.</summary>
    public Func<Stream, CancellationToken, Task>? Capture { get; set; }

    public Func<Stream, CancellationToken, Task>? Restore { get; set; }

    public int EventCapacity { get; set; }

    public Dictionary<string, MessageHandler> Queries { get; } = new(StringComparer.Ordinal);

    /// <summary>The group's options must be this member's.</summary>
    public bool StatesOptions { get; set; } = true;

    /// <summary>Sees all messages instead of handlers, and all notices after them.</summary>
    public IMemberObserver? Observer
    {
        get => _observer;
        set => (_observer, _observing, _answering) =
            (value, value is null ? null : new ObserverHandler(value), value is IQueryObserver queries ? new QueryObserverHandler(queries) : null);
    }

    /// <summary>A query without a handler is answered too.</summary>
    public MessageHandler? For(string? typeId, bool query) =>
        query ? Queries.GetValueOrDefault(typeId ?? "") ?? (MessageHandler?)_answering ?? NoQueryHandler.Instance : _observing ?? For(typeId);

    /// <summary>Null: nothing is registered for it. A media type, which is what senders of other languages state, is no type
    /// here: its messages are bytes.</summary>
    public MessageHandler? For(string? typeId) =>
        string.IsNullOrEmpty(typeId) ? Bytes : Typed.GetValueOrDefault(typeId) ?? (typeId.Contains('/', StringComparison.Ordinal) ? Bytes : null);
}
