using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Client.Groups;

/// <summary>What a member does with a message.</summary>
/// <exception cref="UndecodableException">The bytes are not what their type says.</exception>
internal delegate ValueTask HandleMessage(byte[] payload, MessageContext context, CancellationToken ct);

/// <summary>The reply to a query, as bytes.</summary>
internal delegate ValueTask<ReadOnlyMemory<byte>> AnswerQuery(byte[] payload, MessageContext context, CancellationToken ct);

/// <summary>What is done with one message of a conflict key, and the key.</summary>
internal readonly record struct KeyedCall(object? Key, Func<MessageContext, CancellationToken, ValueTask> Handle);

/// <summary>Reads a message and its conflict key, so that others may run beside it.</summary>
/// <exception cref="UndecodableException">The bytes are not what their type says.</exception>
internal delegate KeyedCall ReadKeyed(byte[] payload);

/// <summary>What a member registered; fixed once it joins.</summary>
internal sealed class Handlers
{
    public Dictionary<string, HandleMessage> Typed { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, ReadKeyed> Keyed { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, AnswerQuery> Queries { get; } = new(StringComparer.Ordinal);

    public HandleMessage? Bytes { get; set; }

    public Func<GroupView, CancellationToken, ValueTask>? View { get; set; }

    public Func<CancellationToken, ValueTask>? Reset { get; set; }

    /// <summary>Both or none.</summary>
    public Func<Stream, CancellationToken, Task>? Capture { get; set; }

    public Func<Stream, CancellationToken, Task>? Restore { get; set; }

    /// <summary>0: nobody reads events.</summary>
    public int EventCapacity { get; set; }

    /// <summary>Null: nothing is registered for it. A media type, which is what senders of other languages state, is no type
    /// here: its messages are bytes.</summary>
    public HandleMessage? For(string? type) =>
        string.IsNullOrEmpty(type) ? Bytes : Typed.GetValueOrDefault(type) ?? (type.Contains('/', StringComparison.Ordinal) ? Bytes : null);

    public ReadKeyed? KeyedFor(string? type) => Keyed.Count > 0 && type is not null ? Keyed.GetValueOrDefault(type) : null;

    public static T Read<T>(IMessageSerializer serializer, byte[] payload)
    {
        try
        {
            return serializer.Deserialize<T>(new ReadOnlySequence<byte>(payload));
        }
        catch (Exception error)
        {
            throw new UndecodableException(error);
        }
    }
}

/// <summary>Marks bytes that are not what their type id says.</summary>
internal sealed class UndecodableException(Exception inner) : Exception(inner.Message, inner);
