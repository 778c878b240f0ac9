using System;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Core.Messages;
using GroupComm.Runtime.Delivery;
using GroupComm.Runtime.Turn;

namespace GroupComm.Runtime.Node;

// Leaving groups and the cluster.
internal partial class Node
{
    // After the leave time-out, for the last turn and the members' last notices.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _leaveLock = new();
    private Task? _leaving;

    public Task LeaveAsync(CancellationToken ct = default)
    {
        if (IsInsideHandler())
            throw new InvalidOperationException("the node cannot leave inside one of its handlers, which would wait for itself; leave outside of it");
        lock (_leaveLock)
            _leaving ??= LeaveOnceAsync();
        return _leaving.WaitAsync(ct);
    }

    public async ValueTask DisposeAsync() => await LeaveAsync().ConfigureAwait(false);

    public async Task LeaveAsync(Member member, CancellationToken ct)
    {
        if (HandlerScope.Current == member && member.IsHandling)
            throw new InvalidOperationException("a member cannot leave inside its own handler, which would wait for itself; leave outside of it");
        LeaveGroup(member, "leave");
        await member.Left.WaitAsync(ct).ConfigureAwait(false);
    }

    public void LeaveGroup(Member member, string reason)
    {
        if (member.Ended is null)
            _loop.Leave(new CallInput((_, _, effects) => _turn.Leave(member, reason, effects)));
    }

    /// <summary>Vanishes as a killed process does: says nothing to anybody, and its port refuses.</summary>
    internal Task CrashAsync()
    {
        lock (_leaveLock)
            return _leaving ??= StopAsync("crashed");
    }

    private async Task LeaveOnceAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        _loop.Leave(new CallInput((core, now, effects) => core.LeaveCluster(now, effects)));
        await WithinAsync(_finished.Task, _plan.Options.LeaveTimeout + Grace).ConfigureAwait(false);
        await StopAsync("left").ConfigureAwait(false);
    }

    private async Task StopAsync(string reason)
    {
        TaskCompletionSource abandoned = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _loop.Leave(new AbandonInput(_turn, _trace, reason, abandoned));
        await abandoned.Task.ConfigureAwait(false);
        _primary.Fail(() => new GroupCommException("this node has left the cluster"));
        _ticker.Dispose();
        if (Discovery is { } discovery)
            await discovery.StopAsync().ConfigureAwait(false);
        await Links.Dialer.StopAsync().ConfigureAwait(false);
        await _transport.DisposeAsync().ConfigureAwait(false);
        _views.End();
        Telemetry.Dispose();
    }

    private static async Task WithinAsync(Task task, TimeSpan limit)
    {
        try
        {
            await task.WaitAsync(limit).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The others did not answer in time; they will notice.
        }
    }

    /// <summary>The last thing that the turn is told.</summary>
    private sealed class AbandonInput(NodeTurn turn, TurnTrace? trace, string reason, TaskCompletionSource done) : TurnInput
    {
        public override void Apply(Core.NodeCore core, long now, Core.EffectList effects)
        {
            turn.Abandon(reason);
            Discard();
        }

        public override void Discard()
        {
            trace?.Dispose();
            done.TrySetResult();
        }
    }
}
