using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Runtime.Node;

namespace GroupComm.Hosting;

/// <summary>The node of a host, usable before it starts: what waits, waits for the start too. The host owns it, so disposal
/// does nothing; <see cref="LeaveAsync"/> leaves.</summary>
internal sealed class HostedNode : IGroupCommNode, IDisposable
{
    private readonly TaskCompletionSource<IGroupCommNode> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public NodeId Id => Node?.Id ?? throw new InvalidOperationException("the node has no identity before the host has started; read it later, for example after WaitForPrimaryAsync");

    public View? View => Node?.View;

    public bool IsPrimary => Node?.IsPrimary ?? false;

    public string? Waiting => Node is { } node ? node.Waiting : _started.Task.Exception?.InnerException?.Message ?? "the host has not started its node yet";

    /// <summary>How it fares; null before its start.</summary>
    public INodeHealth? Health => Node as INodeHealth;

    private IGroupCommNode? Node => _started.Task.IsCompletedSuccessfully ? _started.Task.Result : null;

    public void Started(IGroupCommNode node) => _started.TrySetResult(node);

    public void Failed(Exception error)
    {
        if (_started.TrySetException(error))
            _ = _started.Task.Exception;
    }

    public async Task WaitForPrimaryAsync(CancellationToken ct = default) =>
        await (await _started.Task.WaitAsync(ct).ConfigureAwait(false)).WaitForPrimaryAsync(ct).ConfigureAwait(false);

    public async Task<IGroup> JoinAsync(string group, Action<IGroupBuilder> configure, CancellationToken ct = default) =>
        await (await _started.Task.WaitAsync(ct).ConfigureAwait(false)).JoinAsync(group, configure, ct).ConfigureAwait(false);

    public ValueTask<SendReceipt> SendBytesAsync(string group, ReadOnlyMemory<byte> payload, DeliveryOrder order, CancellationToken ct = default)
    {
        return Node is { } node ? node.SendBytesAsync(group, payload, order, ct) : LaterAsync();
        async ValueTask<SendReceipt> LaterAsync() =>
            await (await _started.Task.WaitAsync(ct).ConfigureAwait(false)).SendBytesAsync(group, payload, order, ct).ConfigureAwait(false);
    }

    public async IAsyncEnumerable<View> ReadViewsAsync([EnumeratorCancellation] CancellationToken ct = default)
    {
        IGroupCommNode node = await _started.Task.WaitAsync(ct).ConfigureAwait(false);
        await foreach (View view in node.ReadViewsAsync(ct).ConfigureAwait(false))
            yield return view;
    }

    public async Task LeaveAsync(CancellationToken ct = default) =>
        await (await _started.Task.WaitAsync(ct).ConfigureAwait(false)).LeaveAsync(ct).ConfigureAwait(false);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public void Dispose()
    {
    }
}
