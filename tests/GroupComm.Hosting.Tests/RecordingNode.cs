using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Hosting.Tests;

/// <summary>A node that only notes what a member registers.</summary>
internal sealed class RecordingNode(RecordingGroup group) : IGroupCommNode
{
    public NodeId Id => new("recording", 1);

    public View? View => null;

    public bool IsPrimary => false;

    public Task WaitForPrimaryAsync(CancellationToken ct = default) => Task.CompletedTask;

    public Task<IGroup> JoinAsync(string name, Action<IGroupBuilder> configure, CancellationToken ct = default)
    {
        configure(group);
        return new TaskCompletionSource<IGroup>().Task;
    }

    public ValueTask<SendReceipt> SendBytesAsync(string name, ReadOnlyMemory<byte> payload, DeliveryOrder order, CancellationToken ct = default) =>
        throw new NotSupportedException();

    public IAsyncEnumerable<View> ReadViewsAsync(CancellationToken ct = default) => AsyncEnumerable.Empty<View>();

    public Task LeaveAsync(CancellationToken ct = default) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

internal sealed class RecordingGroup : IGroupBuilder
{
    public List<string> Registered { get; } = [];

    public GroupOptions Options { get; } = new();

    public IGroupBuilder Register<T>(Func<T, MessageContext, CancellationToken, ValueTask> handler, Func<T, object?>? conflictKey = null) =>
        Note(typeof(T).Name + (conflictKey is Func<Changed, object?> key ? $" by {key(new Changed("apples", 1))}" : ""));

    public IGroupBuilder RegisterBytes(Func<ReadOnlySequence<byte>, MessageContext, CancellationToken, ValueTask> handler) => Note("bytes");

    public IGroupBuilder RegisterQuery<TQuery, TReply>(Func<TQuery, MessageContext, CancellationToken, ValueTask<TReply>> handler) =>
        Note($"{typeof(TQuery).Name} -> {typeof(TReply).Name}");

    public IGroupBuilder RegisterState(Func<Stream, CancellationToken, Task> capture, Func<Stream, CancellationToken, Task> restore) => Note("state");

    public IGroupBuilder OnView(Func<GroupView, CancellationToken, ValueTask> handler) => Note("view");

    public IGroupBuilder OnReset(Func<CancellationToken, ValueTask> handler) => Note("reset");

    public IGroupBuilder UseEvents(int capacity = 1024) => Note("events");

    private RecordingGroup Note(string what)
    {
        Registered.Add(what);
        return this;
    }
}
