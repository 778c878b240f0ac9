using System;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Runtime.Telemetry;

namespace GroupComm.Runtime.Delivery;

// Messages with conflict keys: the pump reads them and passes them on, the pool handles them.
internal partial class Member
{
    private KeyedUnit? _keyed;

    /// <summary>The execution context of this member's handlers.</summary>
    public ExecutionContext Scope => _scope;

    /// <summary>Times and traces one handler that runs beside others.</summary>
    public HandlerWatch NewTiming() => _owner.Telemetry.NewHandlerWatch(this);

    /// <summary>Cancelled when the member ends.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>Messages are passed over: the member is going.</summary>
    public bool IsSkipping => _skip;

    /// <summary>The key of a message that this member sends, for the trace; null for none.</summary>
    public string? KeyText(string? typeId, in System.Buffers.ReadOnlySequence<byte> payload) =>
        _handlers.For(typeId) is KeyedHandler keyed ? keyed.KeyText(payload) : null;

    public void CannotRead(DeliveryUnit unit, UndecodableException error) => _owner.Unhandled(this, unit.Segment.TypeId, 1, error.InnerException);

    public void ReportHandled(long bytes)
    {
        if (bytes > 0)
            _owner.Handled(bytes, atOnce: bytes > Core.CoreLimits.Bundle);
    }

    /// <summary>As <see cref="Fail"/>, for a handler beside others: those that run go on, none starts while the senior member
    /// looks whether it is the only one left.</summary>
    public async Task FailKeyedAsync(Exception error)
    {
        if (error is OperationCanceledException && _stop.IsCancellationRequested)
            return;
        _owner.HandlerFailed(this, error);
        if (Options.HandlerFailurePolicy != HandlerFailurePolicy.Stop || _latest is not { } latest || latest.View.Members.Count <= 1)
            return;
        if (latest.View.Members[0] != Handle.Self)
        {
            StopAfterFailure();
            return;
        }
        _keys!.Pause();
        await Task.Delay(FailureGrace, CancellationToken.None).ConfigureAwait(false);
        if (_latest is { } now && now.View.Members.Count > 1)
            StopAfterFailure();
        _keys.Resume();
    }

    /// <returns>False when the pump has to leave this thread.</returns>
    private bool HandleKeyed(DeliveryUnit unit, LocalGroupView view, KeyedHandler handler)
    {
        long began = System.Diagnostics.Stopwatch.GetTimestamp();
        int first = _index;
        while (_index < unit.Count && !_skip)
        {
            if (!_keys!.HasRoom())
                return false; // and may run elsewhere already: nothing of the pump is touched any more
            ReadPayload(unit);
            KeyedMessage message = handler.Rent(this, _keys);
            MessageKey? key = message.Begin(_keyed!, view, _index, _payload);
            _index++;
            _keys.Admit(message, key);
        }
        EndUnit(System.Diagnostics.Stopwatch.GetTimestamp() - began, unit.Count - first);
        return true;
    }

    private void EndKeyedUnit()
    {
        KeyedUnit unit = _keyed!;
        _keyed = null;
        _keys!.EndUnit(unit);
    }
}
