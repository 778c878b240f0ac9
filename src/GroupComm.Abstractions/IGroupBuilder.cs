using System;
using System.Buffers;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm;

/// <summary>What a member does with what it is told: the second of the three verbs, join, <b>register</b>, send.</summary>
public interface IGroupBuilder
{
    /// <summary>Registers a handler for messages of <typeparamref name="T"/>; at most one per type. Handlers run one at
    /// a time in delivery order, except those of different <paramref name="conflictKey"/>.</summary>
    IGroupBuilder Register<T>(Func<T, MessageContext, CancellationToken, ValueTask> handler, Func<T, object?>? conflictKey = null);

    /// <summary>Registers the handler for raw bytes; the sequence is valid during the call only.</summary>
    IGroupBuilder RegisterBytes(Func<ReadOnlySequence<byte>, MessageContext, CancellationToken, ValueTask> handler);

    /// <summary>Registers a handler whose reply goes back to the asker; at most one per type, in delivery order with the other handlers.
    /// If it throws, the asker gets <see cref="Reply{T}.Error"/>, and the group goes on. A reply has at most 1 MiB.</summary>
    IGroupBuilder RegisterQuery<TQuery, TReply>(Func<TQuery, MessageContext, CancellationToken, ValueTask<TReply>> handler);

    /// <summary>Registers how the state is captured at a donor and restored at a joiner (law VS-18). Whoever joins a group in
    /// which a member with a provider has state gets it before its first view and message; <c>JoinAsync</c> ends after that.</summary>
    /// <param name="capture">Writes the state. Runs between two deliveries of the donor, once per joiner; the donor handles
    /// nothing until it ends, and a write waits while the joiner is behind. Throws when the joiner is gone. If it throws by
    /// itself, that join fails.</param>
    /// <param name="restore">Replaces the state by what the stream holds; read to the end or not. When a donor fails, the token is
    /// cancelled and reads throw; after that it is called again, with the state of another donor, from the start. Once it has
    /// ended and the checksum is right, not again. If it throws by itself, the join fails.</param>
    /// <remarks>The first member's state is what it began with: nothing is restored there.</remarks>
    /// <exception cref="InvalidOperationException">There is a provider already.</exception>
    IGroupBuilder RegisterState(Func<Stream, CancellationToken, Task> capture, Func<Stream, CancellationToken, Task> restore);

    /// <summary>Registers a handler of group views, ordered with the messages.</summary>
    IGroupBuilder OnView(Func<GroupView, CancellationToken, ValueTask> handler);

    /// <summary>Registers what to do when the member rejoined without a state provider: forget what you knew. Called before
    /// anything of the new life is delivered.</summary>
    IGroupBuilder OnReset(Func<CancellationToken, ValueTask> handler);

    /// <summary>Enables <see cref="IGroup.ReadEventsAsync"/>: one reader; a slow reader is a slow handler.</summary>
    /// <param name="capacity">Events kept for the reader before deliveries wait, 1 … 1,048,576.</param>
    IGroupBuilder UseEvents(int capacity = 1024);

    /// <summary>Orders used, open or closed, policies, send window.</summary>
    GroupOptions Options { get; }
}
