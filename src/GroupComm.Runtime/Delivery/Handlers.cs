using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Runtime.Delivery;

/// <summary>What a member registered; fixed once it joins.</summary>
internal sealed class Handlers
{
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

    /// <summary>A query without a handler is answered too.</summary>
    public MessageHandler? For(string? typeId, bool query) =>
        query ? Queries.GetValueOrDefault(typeId ?? "") ?? NoQueryHandler.Instance : For(typeId);

    /// <summary>Null: nothing is registered for it.</summary>
    public MessageHandler? For(string? typeId) => string.IsNullOrEmpty(typeId) ? Bytes : Typed.GetValueOrDefault(typeId);
}
