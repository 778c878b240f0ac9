using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Runtime.Node;
using Microsoft.Extensions.Logging;

namespace GroupComm.Hosting;

/// <summary>
/// A membership of a host, usable before it exists: what waits, waits for the join, and fails as the join does. The host owns
/// it, so disposal does nothing; <see cref="LeaveAsync"/> leaves.
/// </summary>
internal sealed class HostedGroup(string name, ILogger log) : IGroup, IDisposable
{
    private readonly TaskCompletionSource<IGroup> _joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _unwanted = new();

    public string Name => name;

    public MemberId Self => Required.Self;

    public GroupView View => Required.View;

    public FencingToken FencingToken => Required.FencingToken;

    public GroupStatus Status => Group is { } group ? group.Status : _joined.Task.IsCompleted ? GroupStatus.Left : GroupStatus.Joining;

    /// <summary>Completes with the first view.</summary>
    public Task<IGroup> Joined => _joined.Task;

    /// <summary>The application asked to leave: that it is no member is no fault.</summary>
    public bool IsUnwanted => _unwanted.IsCancellationRequested;

    private IGroup? Group => _joined.Task.IsCompletedSuccessfully ? _joined.Task.Result : null;

    private IGroup Required => Group ?? throw (_joined.Task.Exception?.InnerException is JoinException failure
        ? new InvalidOperationException($"group '{name}' was not joined: {failure.Message}", failure)
        : new InvalidOperationException($"group '{name}' has no view yet: the member is still joining; await a send first, or set WaitForJoin"));

    /// <summary>Asks for the membership. A mistake in a registration throws here, and so stops the host's start.</summary>
    public void Begin(IGroupCommNode node, Action<IGroupBuilder> configure)
    {
        Exception? mistake = null;
        Task<IGroup> join = node.JoinAsync(name, builder =>
        {
            try
            {
                configure(builder);
            }
            catch (Exception error)
            {
                mistake = error;
                throw;
            }
        }, _unwanted.Token);
        if (join.IsFaulted && (mistake ?? join.Exception!.InnerException) is { } error and not GroupCommException)
            throw new InvalidOperationException($"group '{name}' cannot be joined as it is registered: {error.Message}", error);
        _ = FinishAsync(node, join);
    }

    public void Failed(Exception error)
    {
        if (_joined.TrySetException(error))
            _ = _joined.Task.Exception;
    }

    public ValueTask<SendReceipt> SendAsync<T>(T message, CancellationToken ct = default)
    {
        return Group is { } group ? group.SendAsync(message, ct) : LaterAsync();
        async ValueTask<SendReceipt> LaterAsync() => await (await WaitAsync(ct).ConfigureAwait(false)).SendAsync(message, ct).ConfigureAwait(false);
    }

    public ValueTask<SendReceipt> SendAsync<T>(T message, DeliveryOrder order, CancellationToken ct = default)
    {
        return Group is { } group ? group.SendAsync(message, order, ct) : LaterAsync();
        async ValueTask<SendReceipt> LaterAsync() => await (await WaitAsync(ct).ConfigureAwait(false)).SendAsync(message, order, ct).ConfigureAwait(false);
    }

    public ValueTask<SendReceipt> SendBytesAsync(ReadOnlyMemory<byte> payload, DeliveryOrder order, CancellationToken ct = default)
    {
        return Group is { } group ? group.SendBytesAsync(payload, order, ct) : LaterAsync();
        async ValueTask<SendReceipt> LaterAsync() => await (await WaitAsync(ct).ConfigureAwait(false)).SendBytesAsync(payload, order, ct).ConfigureAwait(false);
    }

    public async ValueTask SendToAsync<T>(MemberId member, T message, CancellationToken ct = default) =>
        await (await WaitAsync(ct).ConfigureAwait(false)).SendToAsync(member, message, ct).ConfigureAwait(false);

    public async IAsyncEnumerable<Reply<TReply>> QueryAsync<TQuery, TReply>(TQuery query, QueryTarget target, [EnumeratorCancellation] CancellationToken ct = default)
    {
        IGroup group = await WaitAsync(ct).ConfigureAwait(false);
        await foreach (Reply<TReply> reply in group.QueryAsync<TQuery, TReply>(query, target, ct).ConfigureAwait(false))
            yield return reply;
    }

    public async ValueTask BarrierAsync(CancellationToken ct = default) =>
        await (await WaitAsync(ct).ConfigureAwait(false)).BarrierAsync(ct).ConfigureAwait(false);

    public async IAsyncEnumerable<GroupEvent> ReadEventsAsync([EnumeratorCancellation] CancellationToken ct = default)
    {
        IGroup group = await WaitAsync(ct).ConfigureAwait(false);
        await foreach (GroupEvent each in group.ReadEventsAsync(ct).ConfigureAwait(false))
            yield return each;
    }

    public async Task LeaveAsync(CancellationToken ct = default)
    {
        await _unwanted.CancelAsync().ConfigureAwait(false);
        if (Group is { } group)
            await group.LeaveAsync(ct).ConfigureAwait(false);
        else
            Failed(new InvalidOperationException($"this member has left group '{name}' before it had joined"));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public void Dispose()
    {
    }

    private Task<IGroup> WaitAsync(CancellationToken ct) => _joined.Task.WaitAsync(ct);

    private async Task FinishAsync(IGroupCommNode node, Task<IGroup> join)
    {
        try
        {
            _joined.TrySetResult(await join.ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (IsUnwanted)
        {
            Failed(new InvalidOperationException($"this member has left group '{name}' before it had joined"));
        }
        catch (Exception error)
        {
            // Why the node could not join says more than that it is gone.
            Exception cause = (node as INodeHealth)?.Failure as JoinException ?? error;
            HostingLog.GroupNotJoined(log, name, cause.Message);
            Failed(cause);
        }
    }
}
